// Keeps the workspace in step with the server: the whole state at each connection, then changes.
import { useEffect, useReducer, useState } from "react";
import type { Dispatch } from "react";
import { applyChange } from "./changes";
import type { Held, Local } from "./changes";
import { addressOf, reader, server, sitAs } from "./server";
import type { Change } from "./workspace";

type Live = {
  held: Held | null;
  connected: boolean;
  dispatch: Dispatch<Change | Local>;
  sit: (user: string) => void;
};

const RETRY_MS = 1500;

export function useLiveWorkspace(): Live {
  const [held, dispatch] = useReducer(applyChange, null);
  const [connected, setConnected] = useState(true);
  const [seat, setSeat] = useState(reader);
  useEffect(() => follow(dispatch, setConnected), [seat]);
  const sit = (user: string) => {
    sitAs(user);
    setSeat(user);
  };
  return { held, connected, dispatch, sit };
}

// Returns the function that ends it.
function follow(
  dispatch: Dispatch<Change | Local>,
  setConnected: (yes: boolean) => void,
): () => void {
  let stream: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  // Changes that arrive while the state is being read are applied after it, never lost under it.
  let waiting: Change[] | null = null;

  function connect() {
    stream = new EventSource(addressOf("stream"));
    stream.onopen = () => void load();
    stream.onmessage = ({ data }: MessageEvent<string>) => {
      const change = JSON.parse(data) as Change;
      if (waiting) waiting.push(change);
      else dispatch(change);
    };
    stream.onerror = again;
  }

  async function load() {
    waiting = [];
    try {
      const workspace = await server.state();
      dispatch({ kind: "loaded", workspace });
      waiting.forEach(dispatch);
      setConnected(true);
    } catch {
      again();
    } finally {
      waiting = null;
    }
  }

  function again() {
    stream?.close();
    setConnected(false);
    clearTimeout(retry);
    retry = setTimeout(connect, RETRY_MS);
  }

  connect();
  return () => {
    stream?.close();
    clearTimeout(retry);
  };
}
