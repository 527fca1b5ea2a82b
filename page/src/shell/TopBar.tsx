// The bar on top: where one is, what the story says now, and the page's own switches.
import { CloudIcon, MenuIcon, MoonIcon, SunIcon } from "../icons";
import { useWorkspace } from "../talk/context";
import { useTheme } from "../theme";
import { frame } from "../words";
import { Story } from "./Story";

type TopBarProps = {
  connected: boolean;
  cloudOpen: boolean;
  onToggleTheme: () => void;
  onToggleCloud: () => void;
  onToggleMenu: () => void;
};

export function TopBar(props: TopBarProps) {
  const { held } = useWorkspace();
  const dark = useTheme() === "dark";
  return (
    <header className="topbar">
      <button
        type="button"
        className="ghost menu-button"
        aria-label={frame().channels}
        onClick={props.onToggleMenu}
      >
        <MenuIcon />
      </button>
      <strong className="demo-mark">
        VisJob <span>demo</span>
      </strong>
      <Story entries={held.story} />
      {!props.connected && (
        <span className="lost" role="status">
          {frame().reconnecting}
        </span>
      )}
      <button
        type="button"
        className="ghost"
        data-testid="cloud-toggle"
        aria-pressed={props.cloudOpen}
        aria-label={frame().cloud}
        title={frame().toggleCloud}
        onClick={props.onToggleCloud}
      >
        <CloudIcon />
      </button>
      <button
        type="button"
        className="ghost"
        data-testid="theme-toggle"
        aria-label={dark ? frame().lightTheme : frame().darkTheme}
        title={dark ? frame().lightTheme : frame().darkTheme}
        onClick={props.onToggleTheme}
      >
        {dark ? <SunIcon /> : <MoonIcon />}
      </button>
    </header>
  );
}
