import { asOptionalFields, asOptionalString } from '../../robot/protocol/fields.ts';
import {
  closureOf,
  fullTypeName,
  knownTypes,
  membersOf,
  rawDefinition,
} from '../../robot/protocol/definitions.ts';
import { rosTime, sameType } from '../../robot/protocol/ros-time.ts';
import { ACTIONS } from './actions.ts';
import type { SimulatorHost } from './host.ts';
import type { ServiceSpec } from './services.ts';
import { HEARTBEAT_TOPIC, HEARTBEAT_TYPE } from './topics.ts';

/** What `get_ros_version` answers: the interfaces are those of this distribution. */
const DISTRO = 'jazzy';
const NODE = '/waybook_simulator';

/** The part of rosapi (ROS 2) that clients use to find out what there is. `services` gives all services, these too. */
export function rosapiServices(host: SimulatorHost, services: () => readonly ServiceSpec[]): ServiceSpec[] {
  const topics = () => [
    ...[...host.topics.values()].map(({ name, type }) => ({ name, type })),
    { name: HEARTBEAT_TOPIC, type: HEARTBEAT_TYPE },
  ];
  const topicType = (name: string) => topics().find((topic) => topic.name === name)?.type ?? '';
  const serviceType = (name: string) => services().find((service) => service.name === name)?.type ?? '';
  const published = () => [...host.topics.keys()];

  const handlers: Record<string, (text: (key: string) => string) => unknown> = {
    topics: () => ({ topics: topics().map((t) => t.name), types: topics().map((t) => t.type) }),
    topics_for_type: (text) => ({
      topics: topics()
        .filter((topic) => sameType(topic.type, text('type')))
        .map((topic) => topic.name),
    }),
    topic_type: (text) => ({ type: topicType(text('topic')) }),
    topics_and_raw_types: () => ({
      topics: topics().map((t) => t.name),
      types: topics().map((t) => t.type),
      typedefs_full_text: topics().map((t) => rawDefinition(t.type)),
    }),
    services: () => ({ services: services().map((service) => service.name) }),
    services_for_type: (text) => ({
      services: services()
        .filter((service) => sameType(service.type, text('type')))
        .map((service) => service.name),
    }),
    service_type: (text) => ({ type: serviceType(text('service')) }),
    service_node: (text) => ({ node: serviceType(text('service')) === '' ? '' : NODE }),
    nodes: () => ({ nodes: [NODE] }),
    node_details: (text) => {
      const mine = text('node') === NODE;
      return {
        publishing: mine ? published() : [],
        subscribing: mine ? [HEARTBEAT_TOPIC] : [],
        services: mine ? services().map((service) => service.name) : [],
      };
    },
    publishers: (text) => ({ publishers: host.topics.has(text('topic')) ? [NODE] : [] }),
    subscribers: (text) => ({ subscribers: text('topic') === HEARTBEAT_TOPIC ? [NODE] : [] }),
    action_servers: () => ({ action_servers: [...ACTIONS.keys()] }),
    action_type: (text) => ({ type: ACTIONS.get(text('action')) ?? '' }),
    interfaces: () => ({ interfaces: interfaces(services()) }),
    get_ros_version: () => ({ version: 2, distro: DISTRO }),
    get_time: () => ({ time: rosTime(host.world.time) }),
    get_param_names: () => ({ names: [] }),
    message_details: (text) => ({ typedefs: closureOf(text('type')).map(typeDefinition) }),
    service_request_details: (text) => ({
      typedefs: closureOf(`${text('type')}_Request`).map(typeDefinition),
    }),
    service_response_details: (text) => ({
      typedefs: closureOf(`${text('type')}_Response`).map(typeDefinition),
    }),
    action_goal_details: (text) => ({ typedefs: closureOf(`${text('type')}_Goal`).map(typeDefinition) }),
    action_result_details: (text) => ({ typedefs: closureOf(`${text('type')}_Result`).map(typeDefinition) }),
    action_feedback_details: (text) => ({
      typedefs: closureOf(`${text('type')}_Feedback`).map(typeDefinition),
    }),
  };
  return Object.entries(handlers).map(([name, handler]) => ({
    name: `/rosapi/${name}`,
    type: `rosapi_msgs/srv/${name.replace(/(^|_)(\w)/g, (_all, _gap, letter: string) => letter.toUpperCase())}`,
    handle: (args) => {
      const fields = asOptionalFields(args, name);
      return handler((key) => asOptionalString(fields[key], `${name}.${key}`) ?? '');
    },
  }));
}

function interfaces(services: readonly ServiceSpec[]): string[] {
  const messages = knownTypes().filter((type) => type.includes('/msg/'));
  return [...new Set([...messages, ...services.map((service) => service.type), ...ACTIONS.values()])].sort();
}

/** `rosapi_msgs/msg/TypeDef` */
function typeDefinition(type: string) {
  const members = membersOf(type) ?? [];
  const fields = members.filter((member) => member.constant === undefined);
  const constants = members.filter((member) => member.constant !== undefined);
  return {
    type: fullTypeName(type),
    fieldnames: fields.map((member) => member.name),
    fieldtypes: fields.map((member) => member.type),
    fieldarraylen: fields.map((member) => member.arrayLength),
    examples: fields.map((member) => example(member.type, member.arrayLength, member.primitive)),
    constnames: constants.map((member) => member.name),
    constvalues: constants.map((member) => member.constant ?? ''),
  };
}

function example(type: string, arrayLength: number, primitive: boolean): string {
  if (arrayLength >= 0) return '[]';
  if (!primitive) return '{}';
  return type === 'string' || type === 'wstring'
    ? ''
    : type === 'bool'
      ? 'False'
      : type.startsWith('float')
        ? '0.0'
        : '0';
}
