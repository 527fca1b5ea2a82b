// The view on top of the person's stack.
import { SurfaceContext } from "../blocks/acting";
import { Blocks } from "../blocks/Blocks";
import { Rich } from "../blocks/drawn";
import { frame } from "../words";
import type { View } from "../workspace";
import { Dialog } from "./Dialog";
import { useSubmission } from "./submission";

const cancel = () => ({ type: "plain_text" as const, text: frame().cancel });

export function Modal({ view }: { view: View }) {
  const { surface, errors, problem, pending, submit, close } = useSubmission(view);
  const footer = (
    <>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="button" className="button plain" data-testid="modal-close" onClick={close}>
        <Rich text={view.close ?? cancel()} />
      </button>
      {view.submit && (
        <button
          type="button"
          className="button primary"
          data-testid="modal-submit"
          aria-busy={pending}
          aria-disabled={pending}
          onClick={() => void submit()}
        >
          <Rich text={view.submit} />
        </button>
      )}
    </>
  );
  return (
    <Dialog
      title={view.title && <Rich text={view.title} />}
      testId="modal"
      onCancel={close}
      footer={footer}
    >
      <SurfaceContext value={surface}>
        <Blocks blocks={view.blocks} errors={errors} />
      </SurfaceContext>
    </Dialog>
  );
}
