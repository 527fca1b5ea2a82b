// The part of Block Kit that the page itself reads; everything else goes to the renderer unread.
// https://docs.slack.dev/reference/block-kit

export type Text = {
  type: "plain_text" | "mrkdwn";
  text: string;
  emoji?: boolean;
  verbatim?: boolean;
};

export type Option = { text: Text; value: string; description?: Text; url?: string };

export type OptionGroup = { label: Text; options: Option[] };

export type Confirm = {
  title: Text;
  text: Text;
  confirm: Text;
  deny: Text;
  style?: "primary" | "danger";
};

export type Element = {
  type: string;
  action_id?: string;
  text?: Text;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  accessibility_label?: string;
  confirm?: Confirm;
  placeholder?: Text;
  options?: Option[];
  option_groups?: OptionGroup[];
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  initial_conversation?: string;
  initial_channel?: string;
  initial_user?: string;
  min_query_length?: number;
  multiline?: boolean;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  image_url?: string;
  alt_text?: string;
};

export type Block = {
  type: string;
  block_id?: string;
  text?: Text;
  fields?: Text[];
  accessory?: Element;
  elements?: Element[];
  element?: Element;
  label?: Text;
  hint?: Text;
  optional?: boolean;
  dispatch_action?: boolean;
  caption?: string;
  rows?: unknown[][];
};

// What a person chose, in the words of a view's `state.values`.
export type Choice = {
  type: string;
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
  selected_user?: string | null;
  selected_channel?: string | null;
  selected_conversation?: string | null;
};

export type Choices = Record<string, Record<string, Choice>>;
