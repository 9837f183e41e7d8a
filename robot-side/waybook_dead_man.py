#!/usr/bin/env python3
"""Dead-man node for a ROS 2 robot that Waybook moves.

A WebSocket bridge does not stop a robot when its client goes away. This node does: once heartbeats have begun, it cancels
all goals of the trajectory action and calls the stop service when none has come for `timeout` seconds. It runs on the
robot, so that it works when the network does not. It is not a safety function and replaces no emergency stop.

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
        # A late heartbeat is worth nothing: no retries, no queue.
        qos = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
        self.create_subscription(Header, topic, self.on_heartbeat, qos)
        self.cancel = self.create_client(CancelGoal, f'{action}/_action/cancel_goal')
        self.stop = self.create_client(Trigger, stop) if stop else None
        self.last = None
        self.create_timer(self.timeout / 6, self.watch)
        self.get_logger().info(f'watching {topic}, {self.timeout:.2f} s; cancels {action}')

    def now(self):
        return Clock(clock_type=ClockType.STEADY_TIME).now().nanoseconds * 1e-9

    def on_heartbeat(self, _message):
        if self.last is None:
            self.get_logger().info('heartbeats have begun')
        self.last = self.now()

    def watch(self):
        if self.last is None or self.now() - self.last <= self.timeout:
            return
        # Armed again only by the next heartbeat, so that somebody at the robot can move it meanwhile.
        self.last = None
        self.get_logger().error(f'no heartbeat for {self.timeout:.2f} s: stopping')
        # The zero id with the zero stamp cancels every goal.
        self.cancel.call_async(CancelGoal.Request())
        if self.stop is not None:
            self.stop.call_async(Trigger.Request())


def main():
    rclpy.init()
    node = DeadMan()
    try:
        rclpy.spin(node)
    except KeyboardInterrupt:
        pass
    finally:
        node.destroy_node()


if __name__ == '__main__':
    main()
