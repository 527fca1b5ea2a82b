// The app's Home tab, as the app published it for this person.
import { useMemo } from "react";
import { SurfaceContext } from "../blocks/acting";
import { Blocks } from "../blocks/Blocks";
import { frame } from "../words";
import { useWorkspace } from "./context";

export function HomeTab() {
  const { held } = useWorkspace();
  const id = held.home?.id ?? "";
  const surface = useMemo(() => ({ container: { type: "view" as const, view_id: id } }), [id]);
  return (
    <div className="home" data-testid="home" tabIndex={0}>
      {held.home ? (
        <SurfaceContext value={surface}>
          <Blocks blocks={held.home.blocks} />
        </SurfaceContext>
      ) : (
        <p className="empty">{frame().noHome}</p>
      )}
    </div>
  );
}
