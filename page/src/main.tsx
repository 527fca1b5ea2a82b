// Puts the page into its document.
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "slack-blocks-to-jsx/dist/style.css";
import "./css/tokens.css";
import "./css/shell.css";
import "./css/talk.css";
import "./css/blocks.css";
import "./css/elements.css";
import "./css/dialogs.css";
import "./css/narrow.css";

const place = document.getElementById("page");
if (place) createRoot(place).render(<App />);
