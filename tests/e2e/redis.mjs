// A real Redis on a free port.

import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

// Below the ports that systems give away by themselves: nobody else gets it before it is used.
export async function freePort() {
  for (;;) {
    const port = randomInt(20000, 32000);
    const isFree = await new Promise((resolve) => {
      const probe = createServer().once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

// Starts it and waits until it takes connections.
export async function startRedis(port, dir) {
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", dir];
  const redis = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve, reject) => {
    let said = "";
    redis.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.includes("Ready to accept")) resolve();
    });
    redis.once("error", reject);
    redis.once("exit", (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
  });
  return redis;
}
