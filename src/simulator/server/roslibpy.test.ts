import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { startSimulatorServer } from './simulator-server.ts';
import { pythonWith } from './testing/python-environment.ts';

const PROGRAM = `
import json, sys, threading
import roslibpy

ros = roslibpy.Ros(sys.argv[1])
ros.run(timeout=30)
report = {"topics": ros.get_topics()}

def first(name, kind):
    got, box = threading.Event(), {}
    topic = roslibpy.Topic(ros, name, kind)
    def heard(message):
        box["m"] = message
        got.set()
    topic.subscribe(heard)
    assert got.wait(30), name
    topic.unsubscribe()
    return box["m"]

state = first("/joint_states", "sensor_msgs/JointState")
report["joints"] = state["name"]
cloud = first("/front/points", "sensor_msgs/PointCloud2")
report["cloud"] = [cloud["width"], cloud["height"], len(cloud["data"])]

action = roslibpy.ActionClient(ros, "/arm_controller/follow_joint_trajectory", "control_msgs/action/FollowJointTrajectory")
def run(seconds, turn, cancel):
    done, box, feedback = threading.Event(), {}, threading.Event()
    here = first("/joint_states", "sensor_msgs/JointState")["position"][:7]
    target = [q + (turn if j == 0 else 0) for j, q in enumerate(here)]
    goal = roslibpy.Goal({"trajectory": {"joint_names": state["name"][:7], "points": [
        {"positions": target, "velocities": [0] * 7, "time_from_start": {"sec": seconds, "nanosec": 0}}]}})
    def result(message):
        box["r"] = message
        done.set()
    goal_id = action.send_goal(goal, result, lambda message: feedback.set(), result)
    assert feedback.wait(30), "no feedback"
    if cancel:
        action.cancel_goal(goal_id)
    assert done.wait(30), "no result"
    return str(box["r"])
report["done"] = run(1, 0.2, False)
report["cancelled"] = run(6, 1.0, True)
stop = roslibpy.Service(ros, "/arm_controller/stop", "std_srvs/Trigger")
report["stop"] = dict(stop.call(roslibpy.ServiceRequest(), timeout=30))
print(json.dumps(report), flush=True)
ros.terminate()
`;

it('roslibpy, unmodified, lists topics, listens, runs and cancels a trajectory, and calls a service', async () => {
  const python = await pythonWith(['roslibpy==2.1.0']);
  if (python === undefined) return;
  await using server = await startSimulatorServer({
    scene: 'put-in-bowl',
    seed: 3,
    lockStep: false,
    noise: 'off',
  });
  const child = spawn(python, ['-c', PROGRAM, server.url], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
  let out = '';
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString('utf8')));
  await new Promise((resolve) => child.once('close', resolve));
  const [line] = out.split('\n').filter((text) => text.startsWith('{'));
  expect(line, log).toBeDefined();
  const report = JSON.parse(line as string) as Record<string, unknown>;
  expect(report['topics']).toContain('/front/points');
  expect(report['joints']).toEqual([...server.world.arm.joints, server.world.arm.gripper.joint]);
  expect(report['cloud']).toEqual([160, 120, Math.ceil((160 * 120 * 16) / 3) * 4]);
  expect(report['done']).toMatch(/error_code.*0/);
  expect(report['cancelled']).toMatch(/cancelled/);
  expect(report['stop']).toMatchObject({ success: true });
}, 300_000);
