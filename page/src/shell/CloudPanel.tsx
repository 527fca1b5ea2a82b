// The stand-in cloud's own view of its jobs: what the bot is to find out.
import { useRef } from "react";
import { weekTime } from "../blocks/dates";
import { CloseIcon, CloudIcon, MoonIcon, StepIcon, SunIcon } from "../icons";
import { useOrder } from "../order";
import { server } from "../server";
import type { Cloud, CloudJob, Trouble } from "../workspace";

export function CloudPanel({ cloud, onClose }: { cloud: Cloud; onClose: () => void }) {
  return (
    <aside className="cloud" aria-label="The cloud" data-testid="cloud-panel">
      <header className="pane-head">
        <CloudIcon />
        <h2 className="cloud-name">The cloud</h2>
        <button type="button" className="ghost" aria-label="Hide the cloud" onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      <DemoClock cloud={cloud} />
      <p className="cloud-note">
        {cloud.can_push
          ? "What ModelArts knows. Subscribe to a job, push it to its next status, or let it run for a day more."
          : "What the bot last read of your own project."}
      </p>
      {cloud.troubles.length > 0 && (
        <div className="troubles" role="group" aria-label="Trouble">
          {cloud.troubles.map((trouble) => (
            <TroubleSwitch key={trouble.name} trouble={trouble} />
          ))}
        </div>
      )}
      <ul>
        {cloud.jobs.map((job) => (
          <Job key={job.job_id} job={job} canPush={cloud.can_push} />
        ))}
      </ul>
    </aside>
  );
}

// What everything here goes by, and how to bring on the night.
function DemoClock({ cloud }: { cloud: Cloud }) {
  const { pending, problem, run } = useOrder();
  return (
    <div className="demo-clock" data-testid="demo-clock">
      <time dateTime={cloud.clock} title={`The demo's clock, ${cloud.zone}`}>
        {weekTime(new Date(cloud.clock), cloud.zone)}
      </time>
      {cloud.moments.map(({ name, label, at }) => (
        <button
          key={name}
          type="button"
          className="push"
          data-testid={`moment-${name}`}
          title={`Move the demo's clock forward to ${at}`}
          aria-busy={pending}
          aria-disabled={pending}
          onClick={() => void run(() => server.moment(name))}
        >
          {name === "night" ? <MoonIcon /> : <SunIcon />} {label}
        </button>
      ))}
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function TroubleSwitch({ trouble }: { trouble: Trouble }) {
  const { pending, problem, run } = useOrder();
  const { name, label, is_on } = trouble;
  return (
    <>
      <button
        type="button"
        role="switch"
        className="trouble"
        data-testid={`trouble-${name}`}
        aria-checked={is_on}
        aria-busy={pending}
        aria-disabled={pending}
        onClick={() => void run(() => server.trouble(name, !is_on))}
      >
        {label}
        <span className="trouble-track" aria-hidden="true" />
      </button>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

function Job({ job, canPush }: { job: CloudJob; canPush: boolean }) {
  const first = useRef(job.status);
  const { pending, problem, run } = useOrder();
  return (
    <li className="job" data-testid="cloud-job" data-job={job.job_id} data-status={job.status}>
      <div className="job-words">
        <strong title={job.job_name}>{job.job_name}</strong>
        <span className="job-id">{job.job_id}</span>
      </div>
      <div className="job-state">
        <span className={`dot ${moodOf(job.status)}`} aria-hidden="true" />
        <span
          key={job.status}
          className={`job-status ${job.status === first.current ? "" : "told"}`}
          title={job.status_name}
        >
          {job.word}
        </span>
        {job.duration_ms > 0 && <span className="job-time">{duration(job.duration_ms)}</span>}
      </div>
      {canPush && (
        <div className="job-acts">
          {job.status === RUNNING && (
            <button
              type="button"
              className="push"
              data-testid="cloud-longer"
              aria-label={`Let ${job.job_name} run for a day more`}
              title="One day more"
              aria-busy={pending}
              aria-disabled={pending}
              onClick={() => void run(() => server.longer(job.job_id))}
            >
              +1 d
            </button>
          )}
          <button
            type="button"
            className="push"
            data-testid="cloud-push"
            aria-label={
              job.has_ended ? `Restart ${job.job_name}` : `Push ${job.job_name} to its next status`
            }
            title={job.has_ended ? "Restart" : "Next status"}
            aria-busy={pending}
            aria-disabled={pending}
            onClick={() =>
              void run(() => (job.has_ended ? server.restart(job.job_id) : server.push(job.job_id)))
            }
          >
            {job.has_ended ? "Restart" : "Push"} <StepIcon />
          </button>
        </div>
      )}
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

const RUNNING = 8;

// The vendor's codes, grouped: support.huaweicloud.com/intl/en-us/api-modelarts/modelarts_03_0074.html
const MOODS: Record<string, number[]> = {
  good: [8],
  bad: [3, 5, 6, 11, 14, 16, 17, 21, 22],
  ended: [10, 12, 13],
  moving: [1, 2, 4, 7, 9, 15, 18, 19, 20],
};

function moodOf(status: number): string {
  return Object.keys(MOODS).find((mood) => MOODS[mood]?.includes(status)) ?? "odd";
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`;
  if (hours < 1) return `${minutes} min`;
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
