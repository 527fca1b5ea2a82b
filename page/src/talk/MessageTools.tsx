// What can be done with a message: answer it in a thread, or run one of the app's shortcuts on it.
import { MenuButton } from "../blocks/Menu";
import { MoreIcon, ThreadIcon } from "../icons";
import { frame } from "../words";
import type { Message } from "../workspace";
import { useShortcuts } from "./shortcuts";

type MessageToolsProps = {
  channel: string;
  message: Message;
  onThread?: (ts: string) => void;
};

export function MessageTools({ channel, message, onThread }: MessageToolsProps) {
  const container = { type: "message" as const, channel, ts: message.ts };
  const { title, items } = useShortcuts("message", channel, { container });
  return (
    <div className="message-tools">
      {onThread && (
        <button
          type="button"
          className="ghost"
          data-testid="reply"
          aria-label={frame().replyInThread}
          title={frame().replyInThread}
          onClick={() => onThread(message.thread_ts ?? message.ts)}
        >
          <ThreadIcon />
        </button>
      )}
      {items.length > 0 && (
        <MenuButton
          label={frame().moreOfMessage}
          icon={<MoreIcon />}
          title={title}
          items={items}
          testId="message-menu"
        />
      )}
    </div>
  );
}
