import { z } from 'zod';
import type { Fields } from './fields.ts';

/**
 * One of several things that a run can be made of: a model, an optimizer, a schedule, a term of the
 * objective. Its descriptor is all that forms, `--set`, tables and the manual know of it; what it
 * computes lies in `src/main/learning`.
 */
export interface Component<Name extends string = string, F extends Fields = Fields> {
  /** As configurations and `--set` name it. */
  name: Name;
  title: string;
  /** What its values are called, where that is not its name: `SSIM` for `ssim`. */
  word?: string;
  description: string;
  /** Plain text. */
  formula?: string;
  /** Who described it first. */
  source: string;
  /** Of a schedule whose learning rates depend on how many epochs the run has. */
  spansRun?: true;
  fields: F;
}

/** The same component, its name and fields known to the type checker. */
export const component = <const Name extends string, F extends Fields>(
  descriptor: Component<Name, F>,
): Component<Name, F> => descriptor;

type Named<C extends Component> = z.ZodObject<
  { name: z.ZodLiteral<C['name']> } & C['fields'],
  z.core.$strict
>;
type Choices<List extends readonly Component[]> = {
  [Index in keyof List]: Named<List[Index]>;
} & readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]];

/** What a configuration holds of the component that was chosen. */
export type ChoiceOf<List extends readonly Component[]> = z.output<
  z.ZodDiscriminatedUnion<Choices<List>, 'name'>
>;
/** The same as it may be given: what is missing takes its default. */
export type PartialChoiceOf<List extends readonly Component[]> = z.input<
  z.ZodDiscriminatedUnion<Choices<List>, 'name'>
>;

/** One of the components, by its name: `{ name, ...fields }`. */
export const choiceOf = <const List extends readonly Component[]>(
  list: List,
): z.ZodDiscriminatedUnion<Choices<List>, 'name'> =>
  z.discriminatedUnion(
    'name',
    list.map(({ name, fields }) =>
      z.strictObject({ name: z.literal(name), ...fields }),
    ) as unknown as Choices<List>,
  );

type Terms<List extends readonly Component[]> = {
  [C in List[number] as C['name']]: z.ZodOptional<z.ZodObject<C['fields'], z.core.$strict>>;
};

/** Any of the components, keyed by their names, in the order of the list. */
export const setOf = <const List extends readonly Component[]>(
  list: List,
): z.ZodObject<Terms<List>, z.core.$strict> =>
  z.strictObject(
    Object.fromEntries(list.map(({ name, fields }) => [name, z.strictObject(fields).optional()])),
  ) as unknown as z.ZodObject<Terms<List>, z.core.$strict>;
