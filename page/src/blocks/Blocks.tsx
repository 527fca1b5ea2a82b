// Lays out a list of blocks: what shows is drawn by slack-blocks-to-jsx, what acts is ours.
import { useContext, useId } from "react";
import type { ComponentType, ReactNode } from "react";
import { frame } from "../words";
import type { ElementProps } from "./acting";
import { Button } from "./Button";
import { ChoiceGroup } from "./ChoiceGroup";
import { DirectoryContext, Drawn, Rich } from "./drawn";
import type { Directory } from "./drawn";
import { Field, FIELD_KINDS } from "./Field";
import type { Block, Element, Text } from "./kit";
import { Overflow } from "./Overflow";
import { Select } from "./Select";

type BlockProps = { block: Block; blockId: string; error?: string };

export function Blocks({ blocks, errors }: { blocks: Block[]; errors?: Record<string, string> }) {
  return (
    <div className="blocks">
      {blocks.map((block, at) => {
        const blockId = block.block_id ?? `block-${at}`;
        const Layout = LAYOUTS[block.type] ?? Other;
        return (
          <div
            key={`${at}:${block.type}`}
            className={`block ${block.type}`}
            data-block-id={blockId}
          >
            <Layout block={block} blockId={blockId} error={errors?.[blockId]} />
          </div>
        );
      })}
    </div>
  );
}

const LAYOUTS: Record<string, ComponentType<BlockProps>> = {
  section: Section,
  actions: Actions,
  context: Context,
  header: ({ block }) => <h3>{block.text && <Rich text={block.text} />}</h3>,
  divider: () => <hr />,
  input: Input,
  data_visualization: Chart,
};

function Other({ block }: BlockProps) {
  return <Drawn block={block} />;
}

function Chart({ block }: BlockProps) {
  return (
    <div className="chart" role="group" aria-label={frame().chart}>
      <Drawn block={block} />
    </div>
  );
}

function Section({ block, blockId }: BlockProps) {
  return (
    <>
      <div className="section-words">
        {block.text && <Rich text={block.text} />}
        {block.fields && (
          <div className="fields">
            {block.fields.map((field, at) => (
              <Rich key={at} text={field} />
            ))}
          </div>
        )}
      </div>
      {block.accessory && <Acting element={block.accessory} blockId={blockId} />}
    </>
  );
}

function Actions({ block, blockId }: BlockProps) {
  return block.elements?.map((element, at) => (
    <Acting key={at} element={element} blockId={blockId} />
  ));
}

function Context({ block }: BlockProps) {
  return block.elements?.map((element, at) =>
    element.type === "image" ? (
      <img key={at} src={element.image_url} alt={element.alt_text ?? ""} />
    ) : (
      <Rich key={at} text={element as unknown as Text} />
    ),
  );
}

function Input({ block, blockId, error }: BlockProps) {
  const label = useId();
  return (
    <>
      <div className="input-label" id={label}>
        {block.label && <Rich text={block.label} />}
        {block.optional && <span className="optional">{frame().optional}</span>}
      </div>
      {block.element && (
        <Acting
          element={block.element}
          blockId={blockId}
          quiet={!block.dispatch_action}
          labelledBy={label}
        />
      )}
      {error && (
        <p className="problem" role="alert">
          {error}
        </p>
      )}
      {block.hint && <Rich text={block.hint} className="small" />}
    </>
  );
}

function Acting(props: ElementProps) {
  const directory = useContext(DirectoryContext);
  const { element } = props;
  const people = PICKERS[element.type]?.(directory);
  // A new id is a new element; only what holds no choice may stay, and keep the focus.
  const key = element.type === "button" ? element.type : `${props.blockId}:${element.action_id}`;
  if (people)
    return <Select key={key} {...props} element={{ ...element, options: people.map(asOption) }} />;
  const Element = element.type in FIELD_KINDS ? Field : ELEMENTS[element.type];
  if (Element) return <Element key={key} {...props} />;
  if (element.type === "image")
    return <img className="thumb" src={element.image_url} alt={element.alt_text ?? ""} />;
  return <Unknown element={element} />;
}

const ELEMENTS: Record<string, ComponentType<ElementProps>> = {
  button: Button,
  overflow: Overflow,
  static_select: Select,
  external_select: Select,
  radio_buttons: ChoiceGroup,
  checkboxes: ChoiceGroup,
};

type Named = { id: string; name: string };

const PICKERS: Record<string, (directory: Directory) => Named[]> = {
  users_select: (directory) => directory.users.map(({ id, name }) => ({ id, name: `@${name}` })),
  channels_select: (directory) =>
    directory.channels.map(({ id, name }) => ({ id, name: `#${name}` })),
  conversations_select: (directory) =>
    directory.channels.map(({ id, name }) => ({ id, name: `#${name}` })),
};

function asOption({ id, name }: Named) {
  return { text: { type: "plain_text" as const, text: name }, value: id };
}

function Unknown({ element }: { element: Element }): ReactNode {
  return <span className="unknown">{frame().notDrawn(element.type)}</span>;
}
