// The stand-in cloud's own view of its jobs: what the bot is to find out.
import { useRef } from "react";
import { weekTime } from "../blocks/dates";
import { CloseIcon, CloudIcon, MoonIcon, StepIcon, SunIcon } from "../icons";
import { useOrder } from "../order";
import { server } from "../server";
import { useWorkspace } from "../talk/context";
import { frame } from "../words";
import type { Cloud, CloudJob, Moment, Trouble } from "../workspace";

export function CloudPanel({ cloud, onClose }: { cloud: Cloud; onClose: () => void }) {
  return (
    <aside className="cloud" aria-label={frame().cloud} data-testid="cloud-panel">
      <header className="pane-head">
        <CloudIcon />
        <h2 className="cloud-name">{frame().cloud}</h2>
        <button type="button" className="ghost" aria-label={frame().hideCloud} onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      <DemoClock cloud={cloud} />
      <p className="cloud-note">{cloud.can_push ? frame().cloudNote : frame().ownCloudNote}</p>
      {cloud.troubles.length > 0 && (
        <div className="troubles" role="group" aria-label={frame().trouble}>
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
  const { me } = useWorkspace().held;
  return (
    <div className="demo-clock" data-testid="demo-clock">
      <time dateTime={cloud.clock} title={frame().clock(cloud.zone)}>
        {weekTime(new Date(cloud.clock), cloud.zone)}
        {cloud.zone !== me.tz && <span className="demo-zone">{cloud.zone}</span>}
      </time>
      {cloud.moments.map(({ name, at }) => (
        <button
          key={name}
          type="button"
          className="push"
          data-testid={`moment-${name}`}
          title={at ? frame().moveTo(at) : frame().moveByDay}
          aria-busy={pending}
          aria-disabled={pending}
          onClick={() => void run(() => server.moment(name))}
        >
          <MomentIcon name={name} /> {frame().moments[name] ?? name}
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

function MomentIcon({ name }: Pick<Moment, "name">) {
  if (name === "day") return null;
  return name === "night" ? <MoonIcon /> : <SunIcon />;
}

function TroubleSwitch({ trouble }: { trouble: Trouble }) {
  const { pending, problem, run } = useOrder();
  const { name, is_on } = trouble;
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
        {frame().troubles[name] ?? trouble.label}
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
          {frame().states[job.word] ?? job.word}
        </span>
        {job.duration_ms > 0 && <span className="job-time">{duration(job.duration_ms)}</span>}
      </div>
      {canPush && (
        <div className="job-acts">
          <button
            type="button"
            className="push"
            data-testid="cloud-push"
            aria-label={
              job.has_ended ? frame().restartJob(job.job_name) : frame().pushJob(job.job_name)
            }
            title={job.has_ended ? frame().restart : frame().pushTitle}
            aria-busy={pending}
            aria-disabled={pending}
            onClick={() =>
              void run(() => (job.has_ended ? server.restart(job.job_id) : server.push(job.job_id)))
            }
          >
            {job.has_ended ? frame().restart : frame().push} <StepIcon />
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
  const { seconds, minutes, hours, days } = frame();
  const whole = Math.floor(ms / 60_000);
  const hour = Math.floor(whole / 60);
  if (whole < 1) return seconds(Math.floor(ms / 1000));
  if (hour < 1) return minutes(whole);
  const [high, low] =
    hour < 24
      ? [hours(hour), whole % 60 && minutes(whole % 60)]
      : [days(Math.floor(hour / 24)), hour % 24 && hours(hour % 24)];
  return low ? `${high} ${low}` : high;
}
