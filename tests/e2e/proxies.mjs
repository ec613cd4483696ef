// Real reverse proxies in front of a server, each as its own documentation sets it up.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./redis.mjs";

const nginx = (to, port, dir) => {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${dir}/${name};`);
  const location = (path, more) => `location ${path} {
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      ${more}
    }`;
  const file = join(dir, "nginx.conf");
  writeFileSync(
    file,
    `${process.getuid() === 0 ? "user root; " : ""}daemon off; pid ${dir}/nginx.pid; error_log ${dir}/error.log;
events {}
http {
  access_log off;
  ${temporary.join("\n  ")}
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream tok { server ${to}; keepalive 8; }
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 50m;
    ${location("/", `proxy_pass http://tok; proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;`)}
    ${location("/plain/", `proxy_pass http://${to}/;`)}
    ${location("/unbuffered/", `proxy_pass http://${to}/; proxy_http_version 1.1; proxy_request_buffering off;`)}
  }
}`,
  );
  return ["nginx", "-e", `${dir}/error.log`, "-c", file];
};

const caddy = (to, port, dir) => {
  const file = join(dir, "Caddyfile");
  writeFileSync(file, `{\n  admin off\n  auto_https off\n}\nhttp://127.0.0.1:${port} {\n  reverse_proxy ${to}\n}\n`);
  return ["caddy", "run", "--config", file, "--adapter", "caddyfile"];
};

const haproxy = (to, port, dir) => {
  const file = join(dir, "haproxy.cfg");
  writeFileSync(
    file,
    `defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
frontend public
  bind 127.0.0.1:${port}
  option forwardfor
  default_backend tok
backend tok
  server tok ${to}
`,
  );
  return ["haproxy", "-f", file, "-db"];
};

// Passes requests on as nginx does unless it is told more: what asks for a WebSocket arrives as a plain request.
const withoutSockets = (to, port, dir) => {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${dir}/${name};`);
  const file = join(dir, "nginx.conf");
  writeFileSync(
    file,
    `${process.getuid() === 0 ? "user root; " : ""}daemon off; pid ${dir}/nginx.pid; error_log ${dir}/error.log;
events {}
http {
  access_log off;
  ${temporary.join("\n  ")}
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://${to}; proxy_set_header Host $http_host; }
  }
}`,
  );
  return ["nginx", "-e", `${dir}/error.log`, "-c", file];
};
export const plain = { nginx: withoutSockets };

export const kinds = { nginx, caddy, haproxy };

// The blocks of the guide for operators in one language.
const guide = (language) => readFileSync(new URL("../../docs/self-hosting.md", import.meta.url), "utf8").split(`\`\`\`${language}\n`)[1].split("\n```")[0];

// As the guide for operators has them, but for addresses and certificates, which are of another machine.
export const guided = {
  nginx(to, port, dir) {
    const lines = guide("nginx").split("\n").filter((line) => !line.includes("ssl_certificate"));
    const site = lines.join("\n").replace("listen 443 ssl;", `listen 127.0.0.1:${port};`).replace("127.0.0.1:8080", to);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${dir}/${name};`);
    const file = join(dir, "nginx.conf");
    const user = process.getuid() === 0 ? "user root; " : "";
    writeFileSync(file, `${user}daemon off; pid ${dir}/nginx.pid; error_log ${dir}/error.log;\nevents {}\nhttp {\naccess_log off;\n${temporary.join("\n")}\n${site}\n}\n`);
    return ["nginx", "-e", `${dir}/error.log`, "-c", file];
  },
  caddy(to, port, dir) {
    const site = guide("caddyfile").replace("calls.example.com", `http://127.0.0.1:${port}`).replace("127.0.0.1:8080", to);
    const file = join(dir, "Caddyfile");
    writeFileSync(file, `{\n\tadmin off\n}\n${site}\n`);
    return ["caddy", "run", "--config", file, "--adapter", "caddyfile"];
  },
};

async function listens(port) {
  for (;;) {
    const there = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (there) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// A proxy of this kind in front of the server at `url`.
export async function startProxy(kind, url, from = kinds) {
  const dir = mkdtempSync(join(tmpdir(), "tok-proxy-"));
  for (const name of ["client_body", "proxy"]) mkdirSync(join(dir, name));
  const port = await freePort();
  const [command, ...args] = from[kind](new URL(url).host, port, dir);
  const env = { ...process.env, HOME: dir, PATH: `${process.env.PATH}:/usr/sbin` };
  const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "ignore"] });
  const ended = new Promise((resolve, reject) => child.once("exit", resolve).once("error", reject));
  const failed = ended.then((code) => Promise.reject(new Error(`${kind} ended with ${code}`)));
  await Promise.race([listens(port), failed]);
  failed.catch(() => {});
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      // Caddy would wait for polls that nobody waits for; of nginx, workers would stay.
      child.kill(kind === "nginx" ? "SIGTERM" : "SIGKILL");
      await ended;
      rmSync(dir, { recursive: true });
    },
  };
}
