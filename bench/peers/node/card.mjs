// The same message as bench/peers/card.py makes.

export function jobMessage(job) {
  const { job_id: id, job_name: name } = job;
  const minutes = Math.floor(job.duration / 60_000);
  const ran = `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return {
    response_type: "ephemeral",
    text: `${name} is running for ${ran}. TensorBoard is open. Job ${id}, JOBSTAT_RUNNING.`,
    blocks: [
      { type: "rich_text", elements: [headline(id, name, ran)] },
      { type: "context", elements: facts(job) },
      { type: "actions", elements: buttons(String(id), job.service_url) },
    ],
  };
}

function headline(id, name, ran) {
  return {
    type: "rich_text_section",
    elements: [
      { type: "text", text: name, style: { bold: true } },
      { type: "text", text: `  ·  job ${id}` },
      { type: "text", text: "\n" },
      { type: "text", text: "Running", style: { bold: true } },
      { type: "text", text: " · " },
      { type: "text", text: "JOBSTAT_RUNNING", style: { code: true } },
      { type: "text", text: ` · ${ran}` },
    ],
  };
}

function facts(job) {
  return [
    { type: "plain_text", text: job.job_desc, emoji: false },
    { type: "mrkdwn", text: `created ${date(job.create_time)}`, verbatim: true },
    { type: "plain_text", text: job.train_url, emoji: false },
    { type: "plain_text", text: `billed resource ${job.resource_id}`, emoji: false },
    { type: "mrkdwn", text: `as of ${date(job.create_time)}`, verbatim: true },
  ];
}

function date(milliseconds) {
  const words = new Date(milliseconds).toISOString().slice(0, 16).replace("T", " ");
  return `<!date^${Math.floor(milliseconds / 1000)}^{date_short_pretty} at {time}|${words} UTC>`;
}

function buttons(id, url) {
  return [
    { ...button(0, "Open TensorBoard", id), url, style: "primary" },
    button(1, "Refresh", id),
    button(2, "Share here", `${id} share`),
  ];
}

function button(number, label, sentence) {
  return {
    type: "button",
    action_id: `say:${number}`,
    text: { type: "plain_text", text: label, emoji: false },
    value: sentence,
    accessibility_label: `${label}: ${sentence}`,
  };
}
