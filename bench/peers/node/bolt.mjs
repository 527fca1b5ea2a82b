// @slack/bolt with its HTTPReceiver, and node's own http with keep-alive for the cloud.
// PORT, SLACK_SIGNING_SECRET, SLACK_API_URL, BENCH_JOBS_URL and BENCH_CARD come from the environment.
import { readFileSync } from "node:fs";
import http from "node:http";
import bolt from "@slack/bolt";
import { jobMessage } from "./card.mjs";

const { env } = process;
const card = JSON.parse(readFileSync(env.BENCH_CARD, "utf8"));
const agent = new http.Agent({ keepAlive: true });

const app = new bolt.App({
  token: "xoxb-1-bench",
  signingSecret: env.SLACK_SIGNING_SECRET,
  clientOptions: { slackApiUrl: env.SLACK_API_URL },
});

app.command("/visjob", async ({ command, ack }) => {
  await ack(command.text === "help" ? card : jobMessage(await readJob(command.text)));
});

await app.start(Number(env.PORT));

function readJob(id) {
  return new Promise((resolve, reject) => {
    const options = { agent, headers: { "X-Auth-Token": "bench" } };
    const request = http.get(`${env.BENCH_JOBS_URL}/${id}`, options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    request.on("error", reject);
  });
}
