"""The dead-man's decisions, without ROS: `python3 -m unittest discover robot-side`. What it needs of rclpy is played here."""

import sys
import types
import unittest


class Clock:
    time = 0.0

    def __init__(self, clock_type=None):
        self.clock_type = clock_type

    def now(self):
        return types.SimpleNamespace(nanoseconds=int(round(Clock.time * 1e9)))


class Future:
    def __init__(self):
        self.answer = None

    def done(self):
        return self.answer is not None

    def exception(self):
        return None

    def result(self):
        return self.answer


class Client:
    def __init__(self, name):
        self.srv_name = name
        self.ready = True
        self.calls = []

    def service_is_ready(self):
        return self.ready

    def call_async(self, _request):
        self.calls.append(Future())
        return self.calls[-1]


class Log:
    def __init__(self):
        self.errors = []

    def info(self, _text):
        pass

    def error(self, text):
        self.errors.append(text)


class Node:
    parameters = {}

    def __init__(self, _name):
        self.log = Log()
        self.clients_made = []

    def declare_parameter(self, name, default):
        return types.SimpleNamespace(value=Node.parameters.get(name, default))

    def create_subscription(self, _type, _topic, heard, _qos):
        self.heartbeat = heard

    def create_client(self, _type, name):
        self.clients_made.append(Client(name))
        return self.clients_made[-1]

    def create_timer(self, period, tick, clock=None):
        self.timer = (period, tick, clock)

    def get_logger(self):
        return self.log


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made


module('rclpy')
module('rclpy.clock', Clock=Clock, ClockType=types.SimpleNamespace(STEADY_TIME='steady'))
module('rclpy.node', Node=Node)
module('rclpy.qos', QoSProfile=lambda **_: None, ReliabilityPolicy=types.SimpleNamespace(BEST_EFFORT=1))
module('action_msgs')
module('action_msgs.srv', CancelGoal=types.SimpleNamespace(Request=object))
module('std_msgs')
module('std_msgs.msg', Header=object)
module('std_srvs')
module('std_srvs.srv', Trigger=types.SimpleNamespace(Request=object))

import waybook_dead_man  # noqa: E402


class DeadManTest(unittest.TestCase):
    def setUp(self):
        Clock.time = 100.0
        Node.parameters = {'stop_service': '/stop', 'timeout': 0.3}
        self.node = waybook_dead_man.DeadMan()
        self.cancel, self.stop = self.node.clients_made

    def beat(self, name='waybook/a'):
        self.node.heartbeat(types.SimpleNamespace(frame_id=name))

    def passes(self, seconds):
        period, tick, clock = self.node.timer
        self.assertEqual(clock.clock_type, 'steady', 'simulated time may stand still')
        for _ in range(int(seconds / period + 0.5)):
            Clock.time += period
            tick()

    def test_nothing_happens_before_the_first_heartbeat_and_while_they_come(self):
        self.passes(2)
        for _ in range(20):
            self.beat()
            self.passes(0.2)
        self.assertEqual((self.cancel.calls, self.stop.calls), ([], []))

    def test_silence_cancels_and_stops_once_it_is_granted(self):
        self.beat()
        self.passes(0.4)
        self.assertEqual((len(self.cancel.calls), len(self.stop.calls)), (1, 1))
        self.cancel.calls[0].answer = types.SimpleNamespace(return_code=0)
        self.stop.calls[0].answer = types.SimpleNamespace(success=True)
        self.passes(5)
        self.assertEqual((len(self.cancel.calls), len(self.stop.calls)), (1, 1))

    def test_one_who_watches_does_not_stand_in_for_one_who_is_gone(self):
        self.beat('waybook/a')
        for _ in range(4):
            self.beat('waybook/b')
            self.passes(0.1)
        self.assertEqual(len(self.cancel.calls), 1)

    def test_a_farewell_ends_the_watch_and_stops_nothing(self):
        self.beat()
        self.beat('waybook/a/end')
        self.passes(2)
        self.assertEqual(self.cancel.calls, [])

    def test_it_insists_while_it_is_refused_unanswered_or_unheard_and_then_says_so(self):
        self.beat()
        self.cancel.ready = False
        self.passes(0.6)
        self.assertEqual(self.cancel.calls, [])
        self.cancel.ready = True
        self.passes(0.1)
        self.assertEqual(len(self.cancel.calls), 1)
        self.passes(0.6)
        self.assertEqual(len(self.cancel.calls), 2, 'not answered')
        self.cancel.calls[-1].answer = types.SimpleNamespace(return_code=1)
        self.passes(0.1)
        self.assertEqual(len(self.cancel.calls), 3, 'rejected')
        self.passes(4)
        self.assertTrue(any('did not stop' in text for text in self.node.log.errors))

    def test_services_that_are_not_there_are_told_when_somebody_begins(self):
        self.stop.ready = False
        self.beat()
        self.assertTrue(any('/stop is not there' in text for text in self.node.log.errors))

    def test_it_is_armed_again_by_the_next_heartbeat(self):
        self.beat()
        self.passes(0.4)
        self.cancel.calls[0].answer = types.SimpleNamespace(return_code=2)
        self.beat()
        self.passes(0.1)
        self.passes(0.4)
        self.assertEqual(len(self.cancel.calls), 2)


if __name__ == '__main__':
    unittest.main()
