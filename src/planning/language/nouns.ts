/**
 * What nouns have to do with each other. Words of one row name the same kind of thing; `KINDS` lists which kinds a
 * more general word covers. Words in neither are matched only by what the scene's labels say.
 */
const SYNONYMS: readonly string[] = [
  'block brick',
  'cup mug teacup',
  'ball sphere',
  'cylinder tube',
  'peg pin dowel rod stick pole',
  'hole slot socket receptacle opening',
  'target goal marker mark zone region spot destination area',
  'handle grip',
  'button',
  'switch lever toggle',
  'knob dial',
  'light lamp bulb led',
  'lid cover cap',
  'box carton crate case',
  'basket hamper',
  'pan frypan skillet frying saucepan',
  'pot saucepan',
  'bottle flask',
  'can tin',
  'cabinet cupboard closet',
  'shelf rack ledge bookshelf bookcase',
  'stove burner hob cooker stovetop',
  'fridge refrigerator icebox',
  'bin trash garbage dustbin wastebasket rubbish trashcan',
  'cloth towel rag',
  'plate saucer',
  'bowl basin',
  'slider',
  'faucet tap',
  'ring hoop torus',
  'cheese',
  'tray platter',
  'eraser rubber',
  'jar pot',
  'mat pad coaster',
  'sofa couch',
  'television tv telly',
  'phone telephone mobile smartphone',
  'laptop notebook computer',
  'trousers pants',
  'sponge scrubber',
  'brush broom',
  'soda pop cola',
  'cookie biscuit',
  'wallet purse',
  'picture painting photo',
  'stand holder spoke',
  'post spoke peg pole pillar',
];

const KINDS: Readonly<Record<string, string>> = {
  block: 'cube cuboid brick box-block',
  cube: 'block',
  cuboid: 'cube block',
  can: 'cylinder',
  tin: 'cylinder',
  grocery:
    'apple banana orange lemon bread cheese butter cookie cracker rice pasta oil tea chocolate salt pepper flour soup pudding sauce ketchup milk juice cereal sugar coffee cracker spam mustard jello tuna',
  condiment: 'ketchup mustard sauce mayonnaise dressing vinegar',
  drink: 'juice milk water wine beer soda coffee tea',
  beverage: 'juice milk water wine beer soda coffee tea',
  appliance: 'microwave oven fridge stove toaster',
  container: 'bowl box basket bin tray cup mug drawer jar pot bucket crate carton',
  receptacle: 'bowl box basket bin tray',
  dish: 'bowl plate saucer ramekin',
  fruit: 'apple banana orange lemon lime pear peach plum strawberry grape mango kiwi',
  vegetable: 'carrot potato tomato onion pepper cucumber broccoli corn',
  food: 'apple banana orange lemon pear carrot potato tomato bread cheese butter soup pudding sauce steak meat',
  utensil: 'fork knife spoon spatula ladle whisk',
  cutlery: 'fork knife spoon',
  tool: 'hammer screwdriver wrench spatula',
  crockery: 'plate bowl cup mug',
  square: 'target',
  circle: 'target',
  patch: 'target',
  disc: 'target',
  furniture: 'cabinet shelf table drawer',
  meat: 'steak chicken',
};

/** Whether a word is something to eat or drink, such as is sold in boxes and cans. */
export const isGrocery = (word: string): boolean => GROCERIES.has(word);

const ROWS_BY_WORD = new Map<string, number[]>();
SYNONYMS.forEach((row, index) => {
  for (const word of row.split(' ')) ROWS_BY_WORD.set(word, [...(ROWS_BY_WORD.get(word) ?? []), index]);
});

/** How far the noun that was said is from the noun in a label. */
export type NounDistance = 'same' | 'synonym' | 'kind' | 'none';

/** Compares dictionary forms: `said` by a person, `labelled` in the scene. */
export function nounDistance(said: string, labelled: string): NounDistance {
  if (said === labelled) return 'same';
  const rows = ROWS_BY_WORD.get(said);
  const others = ROWS_BY_WORD.get(labelled);
  if (rows?.some((row) => others?.includes(row))) return 'synonym';
  const kinds = KINDS[said]?.split(' ');
  if (said === 'block' && labelled === 'cube') return 'synonym';
  return kinds?.includes(labelled) ? 'kind' : 'none';
}

/** Nouns of packaging, which may follow what is inside without being in the label: "ketchup bottle". */
export const PACKAGING: ReadonlySet<string> = new Set(
  'box bottle can carton jar bag packet pack container package tin tube stick bar piece slice pot tub'.split(
    ' ',
  ),
);

const set = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const GROCERIES = set([KINDS['grocery'], KINDS['condiment'], KINDS['drink'], KINDS['food']].join(' '));

export const CONTAINER_NOUNS = set(
  'bowl box basket bin tray cup mug drawer jar pot bucket crate carton container basin microwave cabinet cupboard ' +
    'fridge caddy compartment dishwasher oven pan ramekin hamper sorter bag safe sink dustpan',
);
/** Things that stay where they are when everything is cleared away. */
export const FIXTURE_NOUNS = set(
  'drawer handle target hole cabinet cupboard door table stove switch button knob lever slider shelf rack microwave ' +
    'fridge oven faucet light lamp bulb led sink wall socket region goal marker burner grill hob lock stand spoke ' +
    'obstacle desk slot window',
);
export const OPENABLE_NOUNS = set(
  'drawer door cabinet cupboard microwave fridge oven box lid jar window laptop dishwasher washer safe bottle slider grill ' +
    'toilet case chest bin',
);
export const PART_NOUNS = set('handle knob button lid door switch lever compartment region');
export const HANDLE_NOUNS = set('handle knob grip pull');
export const CONTROL_NOUNS = set('button switch knob lever dial toggle slider handle tap faucet');
/** Flat places that a thing can be put or pushed on. */
export const AREA_NOUNS = set(
  'target goal marker mark zone region spot area pad mat patch coaster square circle',
);
/** Two hands of the same lexeme that a robot with a parallel gripper can hold by the rim. */
export const HOLLOW_NOUNS = set('bowl cup mug basket pot jar ramekin bucket basin pan box tray bin');
/** Things whose footprint is a circle. */
export const ROUND_NOUNS = set(
  'bowl plate cup mug can cylinder ball sphere jar bottle pot pan ramekin peg pin dowel tube tin saucer basin bulb ' +
    'bucket frypan skillet wok lid hole ring circle glass vase candle',
);
