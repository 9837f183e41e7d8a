#!/usr/bin/env python3
"""Dead-man node for a ROS 2 robot that Waybook moves.

A WebSocket bridge does not stop a robot when its client goes away. This node does: once a commander's heartbeats have
begun, it cancels all goals of the trajectory action and calls the stop service when none has come from it for `timeout`
seconds, and goes on asking until it is answered. It runs on the robot, so that it works when the network does not. It is
not a safety function and replaces no emergency stop.

Heartbeats are std_msgs/Header with the commander's name as frame_id. Each commander is watched by itself: somebody else's
heartbeat does not stand in for one that is gone. A frame_id that ends in "/end" is a farewell, sent with the arm at rest.

Parameters
    heartbeat_topic  std_msgs/Header, from Waybook            /waybook/heartbeat
    action           control_msgs/action/FollowJointTrajectory
    stop_service     std_srvs/srv/Trigger, optional            ''
    timeout          s without a heartbeat                     0.3
"""

import rclpy
from action_msgs.srv import CancelGoal
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from std_msgs.msg import Header
from std_srvs.srv import Trigger

FAREWELL = '/end'
# How long it goes on asking a service that does not answer, or refuses [s].
INSIST = 3.0
# A call to a node that has just died is never answered: asked again after this [s].
PATIENCE = 0.5
# action_msgs/srv/CancelGoal: 0 none, 1 rejected, 2 unknown goal, 3 goal terminated. Only the second leaves something running.
REJECTED = 1


class Request:
    """One way to stop, asked for until it is granted."""

    def __init__(self, client, make, granted, log):
        self.client = client
        self.make = make
        self.granted = granted
        self.log = log
        self.until = None
        self.future = None
        self.asked = 0.0

    def begin(self, now):
        self.until = now + INSIST
        self.future = None
        self.go_on(now)

    def go_on(self, now):
        if self.until is None:
            return
        if now > self.until:
            self.log.error(f'{self.client.srv_name} did not stop the robot within {INSIST} s')
            self.until = None
            return
        if self.future is not None and self.future.done():
            if self.future.exception() is None and self.granted(self.future.result()):
                self.until = None
                return
        elif self.future is not None and now - self.asked < PATIENCE:
            return
        # A call of a service that is not there is lost without a word.
        if self.client.service_is_ready():
            self.asked = now
            self.future = self.client.call_async(self.make())


class DeadMan(Node):
    """Watches heartbeats by this machine's steady clock; stamps of other machines are not trusted."""

    def __init__(self):
        super().__init__('waybook_dead_man')
        topic = self.declare_parameter('heartbeat_topic', '/waybook/heartbeat').value
        action = self.declare_parameter('action', '/arm_controller/follow_joint_trajectory').value
        stop = self.declare_parameter('stop_service', '').value
        self.timeout = float(self.declare_parameter('timeout', 0.3).value)
        if not 0.05 <= self.timeout <= 2.0:
            raise ValueError(f'timeout is 0.05 to 2 s, not {self.timeout}')
        # A late heartbeat is worth nothing: no retries, and a short queue (commanders share the topic).
        qos = QoSProfile(depth=10, reliability=ReliabilityPolicy.BEST_EFFORT)
        self.create_subscription(Header, topic, self.on_heartbeat, qos)
        log = self.get_logger()
        # The zero id with the zero stamp cancels every goal.
        cancel = self.create_client(CancelGoal, f'{action}/_action/cancel_goal')
        self.requests = [Request(cancel, CancelGoal.Request, lambda r: r.return_code != REJECTED, log)]
        if stop:
            service = self.create_client(Trigger, stop)
            self.requests.append(Request(service, Trigger.Request, lambda r: r.success, log))
        self.heard = {}
        # With use_sim_time the node's own clock may stand still: the watch must not.
        self.steady = Clock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(self.timeout / 6, self.watch, clock=self.steady)
        log.info(f'watching {topic}, {self.timeout:.2f} s; cancels {action}')

    def now(self):
        return self.steady.now().nanoseconds * 1e-9

    def on_heartbeat(self, message):
        commander = message.frame_id
        if commander.endswith(FAREWELL):
            if self.heard.pop(commander[: -len(FAREWELL)], None) is not None:
                self.get_logger().info(f'{commander}: left at rest')
            return
        if commander not in self.heard:
            self.get_logger().info(f'{commander}: heartbeats have begun')
            for request in self.requests:
                if not request.client.service_is_ready():
                    self.get_logger().error(f'{request.client.srv_name} is not there: it could not stop the robot')
        self.heard[commander] = self.now()

    def watch(self):
        now = self.now()
        gone = [commander for commander, at in self.heard.items() if now - at > self.timeout]
        for commander in gone:
            # Watched again only from its next heartbeat, so that somebody at the robot can move it meanwhile.
            del self.heard[commander]
            self.get_logger().error(f'{commander}: no heartbeat for {self.timeout:.2f} s: stopping')
        for request in self.requests:
            if gone:
                request.begin(now)
            else:
                request.go_on(now)


def main():
    rclpy.init()
    node = DeadMan()
    try:
        rclpy.spin(node)
    except KeyboardInterrupt:
        pass
    finally:
        node.get_logger().error('the dead-man ends: nobody stops the robot when Waybook goes')
        node.destroy_node()
        rclpy.try_shutdown()


if __name__ == '__main__':
    main()
