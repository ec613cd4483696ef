//! `tok serve` and `tok work`

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::log::ServerLog;
use super::output::Output;
use super::{Global, invocation, service_manager, signals, values};
use crate::commands::store::sealed;
use crate::config::{Config, Environment, Loaded};
use crate::context::{Context, OtlpMetrics, open_metrics, open_traces};
use crate::error::{Error, Result};
use crate::server::ops::{self, OpsConsent};
use crate::server::{self, App, ListenSettings, Listener};
use crate::worker::{self, LoopStatuses};

/// Connections of the operators' listener.
const OPS_CONNECTIONS: usize = 64;
/// How long its requests may take when everything else is done.
const OPS_DRAIN: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok serve\n  \
    TOK_AUTH__MODE=keys tok serve --bind 0.0.0.0:8080")]
pub(super) struct ServeArgs {
    /// Address of the API [default: server.bind of the configuration]
    #[arg(long, value_name = "ADDRESS")]
    bind: Option<String>,
    /// Address of health, readiness and metrics [default: server.ops_bind of the configuration]
    #[arg(long, value_name = "ADDRESS")]
    ops_bind: Option<String>,
    /// Let everybody on the network in without a key
    #[arg(long)]
    insecure: bool,
    /// Let everybody on the network see health and metrics
    #[arg(long)]
    insecure_ops: bool,
    /// Run the background worker in the same process
    #[arg(long)]
    with_worker: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok work\n  \
    tok work --only notify\n  \
    tok work --once --except rooms")]
pub(super) struct WorkArgs {
    /// Only these loops [default: worker.loops of the configuration]
    #[arg(long, value_name = "LOOP", value_delimiter = ',', value_parser = values::worker_loop())]
    only: Vec<String>,
    /// All loops but these
    #[arg(
        long,
        value_name = "LOOP",
        value_delimiter = ',',
        value_parser = values::worker_loop(),
        hide_possible_values = true,
        conflicts_with = "only"
    )]
    except: Vec<String>,
    /// Do what is to be done now, then end
    #[arg(long)]
    once: bool,
    /// Address of health, readiness and metrics [default: worker.ops_bind of the configuration]
    #[arg(long, value_name = "ADDRESS")]
    ops_bind: Option<String>,
    /// Let everybody on the network see health and metrics
    #[arg(long)]
    insecure_ops: bool,
}

pub(super) fn serve(
    arguments: &ServeArgs,
    global: &Global,
    environment: &Environment,
    output: &Output,
) -> Result<()> {
    let flags = [
        ("server.bind", arguments.bind.clone(), "--bind"),
        ("server.ops_bind", arguments.ops_bind.clone(), "--ops-bind"),
    ];
    let mut loaded = invocation::load_and_warn(global, environment, output, (&flags, None))?;
    let log = begin_log(&loaded.config, (environment, global), output)?;
    server::check(&loaded.config.server)?;
    if !arguments.insecure {
        check_exposure(&loaded.config)?;
    }
    let consent = consent(loaded.config.server.ops_bind, arguments.insecure_ops)?;
    loaded.config.insecure = arguments.insecure;
    if let Some(wrong) = server::raise_file_limit(loaded.config.server.max_connections) {
        output.warn(&wrong);
    }
    let serving = run_server(loaded, consent, arguments.with_worker, output);
    many_threads(&log, serving)
}

fn check_exposure(config: &Config) -> Result<()> {
    server::check_exposure(config.server.bind, config.auth.mode)?;
    server::check_public_url(&config.server, config.auth.mode)
}

/// Who may see health and metrics at this address.
fn consent(address: SocketAddr, insecure: bool) -> Result<OpsConsent> {
    if insecure {
        return Ok(OpsConsent::Everybody);
    }
    server::check_ops_exposure(address)?;
    Ok(OpsConsent::ThisMachine)
}

/// Everything that would keep `serve` or `work` from starting.
pub(super) fn check(config: &Config) -> Result<()> {
    server::check(&config.server)?;
    server::check_emulator(config)?;
    check_exposure(config)?;
    server::check_ops_exposure(config.server.ops_bind)?;
    server::check_ops_exposure(config.worker.ops_bind)
}

/// The operators' listener at work.
struct OpsServer {
    task: JoinHandle<()>,
    /// Who tells a collector the same.
    pushing: Option<JoinHandle<Result<()>>>,
    finished: CancellationToken,
}

impl OpsServer {
    /// Tells of health and metrics, and that nothing is ready any more once `stop` is cancelled.
    fn start(
        listener: Listener,
        context: Context,
        (consent, works): (OpsConsent, bool),
        (collector, stop): (Option<OtlpMetrics>, CancellationToken),
    ) -> Result<Self> {
        let router = ops::router(context, stop, consent, works)?;
        let finished = CancellationToken::new();
        let settings = ListenSettings::of_operators(OPS_CONNECTIONS, OPS_DRAIN);
        let (_, serving) = listener.serve(router, settings, finished.clone());
        let push = |to| tokio::spawn(ops::push(to, finished.clone()));
        Ok(Self {
            task: tokio::spawn(serving),
            pushing: collector.map(push),
            finished,
        })
    }

    /// Ends last: readiness must be told while the others drain.
    async fn finish(self) -> Result<()> {
        self.finished.cancel();
        let broke = |error| Error::internal("the ops listener broke").because(error);
        self.task.await.map_err(broke)?;
        match self.pushing {
            Some(pushing) => pushing.await.map_err(broke)?,
            None => Ok(()),
        }
    }
}

async fn run_server(
    loaded: Loaded,
    consent: OpsConsent,
    with_worker: bool,
    output: &Output,
) -> Result<()> {
    // Before anything can be seen of it: whoever sees it may stop it.
    let stop = CancellationToken::new();
    signals::serve_until_stopped(stop.clone())?;
    let mut config = loaded.config;
    let api = Listener::bind(config.server.bind, "--bind (server.bind)").await?;
    let ops = Listener::bind(config.server.ops_bind, "--ops-bind (server.ops_bind)").await?;
    // Links of rooms need the port that was really taken.
    config.server.bind = api.address;
    let mut context = Context::open(&config, &loaded.data_dir)?;
    context.prepare()?;
    sealed::begin(&context).await?;
    context.stop = stop.clone();
    let app = App::new(context.clone(), &config)?;
    let (router, sockets) = server::router(&app, &config)?;
    output.inform(&format!(
        "tok serves http://{} (docs at /docs)",
        api.address
    ));
    output.inform(&format!("health and metrics at http://{}", ops.address));
    let statuses = Arc::new(LoopStatuses::default());
    let settings = ListenSettings::of_api(&config.server, context.unknown_proxies.clone())?;
    let drain = settings.drain;
    let (connections, serving) = api.serve(router, settings, stop.clone());
    context.probes.push(connections);
    context.probes.push(sockets.places.clone());
    let telling = (open_metrics(&config)?, stop.clone());
    let ops = OpsServer::start(ops, context.clone(), (consent, with_worker), telling)?;
    service_manager::report(stop.clone());
    let working = async {
        if with_worker {
            worker::work(context, &config.worker, statuses).await;
        }
    };
    let closing = async {
        stop.cancelled().await;
        // One that takes nothing any more must not hold up the rest.
        if tokio::time::timeout(drain, sockets.close()).await.is_err() {
            tracing::warn!("some sockets did not close in time");
        }
    };
    tokio::join!(serving, working, closing);
    ops.finish().await?;
    output.inform("stopped");
    Ok(())
}

pub(super) fn work(
    arguments: &WorkArgs,
    global: &Global,
    environment: &Environment,
    output: &Output,
) -> Result<()> {
    let only = (!arguments.only.is_empty()).then(|| arguments.only.join(","));
    let flags = [
        ("worker.ops_bind", arguments.ops_bind.clone(), "--ops-bind"),
        ("worker.loops", only, "--only"),
    ];
    let mut loaded = invocation::load_and_warn(global, environment, output, (&flags, None))?;
    let log = begin_log(&loaded.config, (environment, global), output)?;
    let loops = &mut loaded.config.worker.loops;
    if let Some(name) = arguments.except.iter().find(|name| !loops.contains(name)) {
        return Err(Error::invalid(format!(
            "--except {name}: there is no such loop; there are {}",
            loops.join(", ")
        )));
    }
    loops.retain(|name| !arguments.except.contains(name));
    if arguments.once {
        return many_threads(&log, run_once(loaded));
    }
    let consent = consent(loaded.config.worker.ops_bind, arguments.insecure_ops)?;
    many_threads(&log, run_worker(loaded, consent, output))
}

async fn run_once(loaded: Loaded) -> Result<()> {
    let context = Context::open(&loaded.config, &loaded.data_dir)?;
    sealed::begin(&context).await?;
    signals::stop_gently(context.stop.clone())?;
    worker::work_once(&context, &loaded.config.worker).await
}

async fn run_worker(loaded: Loaded, consent: OpsConsent, output: &Output) -> Result<()> {
    let config = loaded.config;
    let stop = CancellationToken::new();
    signals::serve_until_stopped(stop.clone())?;
    let ops = Listener::bind(config.worker.ops_bind, "--ops-bind (worker.ops_bind)").await?;
    let mut context = Context::open(&config, &loaded.data_dir)?;
    context.prepare()?;
    sealed::begin(&context).await?;
    context.stop = stop.clone();
    output.inform(&format!(
        "tok works; health and metrics at http://{}",
        ops.address
    ));
    let statuses = Arc::new(LoopStatuses::default());
    let telling = (open_metrics(&config)?, stop.clone());
    let ops = OpsServer::start(ops, context.clone(), (consent, true), telling)?;
    service_manager::report(stop);
    worker::work(context, &config.worker, statuses).await;
    ops.finish().await?;
    output.inform("stopped");
    Ok(())
}

/// Starts the log, and traces if a collector is configured.
fn begin_log(
    config: &Config,
    (environment, global): (&Environment, &Global),
    output: &Output,
) -> Result<ServerLog> {
    let telling = (open_traces(config)?, output);
    Ok(ServerLog::start(environment, global.quiet, telling))
}

fn many_threads(log: &ServerLog, work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::internal("the runtime cannot start").because(error))?
        .block_on(async {
            tokio::select! {
                done = work => done,
                never = log.watch() => match never {},
            }
        })
}
