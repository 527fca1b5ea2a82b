// "Are you sure?", asked with the words of a confirm object.
import { createContext, useCallback, useContext, useState } from "react";
import type { ReactNode } from "react";
import { Rich } from "../blocks/drawn";
import type { Confirm } from "../blocks/kit";
import { Dialog } from "./Dialog";

type Ask = (confirm: Confirm) => Promise<boolean>;
type Question = { confirm: Confirm; answer: (yes: boolean) => void };

const ConfirmContext = createContext<Ask>(() => Promise.resolve(false));

export const useConfirm = () => useContext(ConfirmContext);

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const ask = useCallback<Ask>(
    (confirm) => new Promise((resolve) => setQuestion({ confirm, answer: resolve })),
    [],
  );
  const answer = (yes: boolean) => {
    question?.answer(yes);
    setQuestion(null);
  };
  return (
    <ConfirmContext value={ask}>
      {children}
      {question && <ConfirmDialog confirm={question.confirm} onAnswer={answer} />}
    </ConfirmContext>
  );
}

function ConfirmDialog({
  confirm,
  onAnswer,
}: {
  confirm: Confirm;
  onAnswer: (yes: boolean) => void;
}) {
  const buttons = (
    <>
      <button
        type="button"
        className="button plain"
        data-testid="confirm-deny"
        onClick={() => onAnswer(false)}
      >
        <Rich text={confirm.deny} />
      </button>
      <button
        type="button"
        className={`button ${confirm.style ?? "primary"}`}
        data-testid="confirm-accept"
        onClick={() => onAnswer(true)}
      >
        <Rich text={confirm.confirm} />
      </button>
    </>
  );
  return (
    <Dialog
      title={<Rich text={confirm.title} />}
      testId="confirm-dialog"
      onCancel={() => onAnswer(false)}
      footer={buttons}
    >
      <Rich text={confirm.text} />
    </Dialog>
  );
}
