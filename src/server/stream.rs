//! The stream of a connection: what went out over it, the slot that it takes, and its end.

use std::io::IoSlice;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use super::half_sent::{HalfSent, HalfSentBudget};
use super::slots::Slot;
use super::unread::UnreadBody;

/// How long a peer may go on sending after its last answer.
pub(super) const LINGER: Duration = Duration::from_secs(1);

/// Bytes that went over a stream, for whoever must know how much waits.
#[derive(Clone, Default)]
pub(super) struct SentBytes(Arc<StreamBytes>);

#[derive(Default)]
struct StreamBytes {
    sent: AtomicU64,
    /// What came in and is no whole message yet, if that is counted.
    half: Mutex<Option<HalfSent>>,
    /// The slot of the stream's connection.
    slot: OnceLock<Weak<Slot>>,
    /// Whether it is over, because its slot was needed for somebody else or its client is served no more;
    /// who reads it is told.
    cut: AtomicBool,
    reader: AtomicWaker,
}

impl SentBytes {
    /// Of the stream with this slot.
    pub(super) fn of(slot: &Arc<Slot>) -> Self {
        let own = StreamBytes::default();
        Self(Arc::new(StreamBytes {
            slot: OnceLock::from(Arc::downgrade(slot)),
            ..own
        }))
    }

    fn slot(&self) -> Option<Arc<Slot>> {
        self.0.slot.get()?.upgrade()
    }

    /// Nobody takes its slot away.
    pub(super) fn keep(&self) {
        if let Some(slot) = self.slot() {
            slot.keep();
        }
    }

    /// It gives way when its slot is needed for somebody else, whoever reads it by now.
    pub(super) fn yields(&self) {
        let Some(slot) = self.slot().filter(|slot| slot.keep()) else {
            return;
        };
        let bytes = Arc::downgrade(&self.0);
        slot.loosen(Box::new(move || {
            if let Some(bytes) = bytes.upgrade() {
                Self(bytes).cut();
            }
        }));
    }

    /// It is over, whatever its client thinks.
    pub(super) fn cut(&self) {
        self.0.cut.store(true, Ordering::Release);
        self.0.reader.wake();
    }

    /// Whether it goes on; else whoever reads it is told when it does not.
    fn goes_on(&self, context: &Context<'_>) -> bool {
        self.0.reader.register(context.waker());
        !self.0.cut.load(Ordering::Acquire)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.0.sent.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, bytes: usize) {
        self.0.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn half(&self) -> MutexGuard<'_, Option<HalfSent>> {
        self.0.half.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on what comes in counts, until a message is whole.
    pub(super) fn count_received(&self, budget: &Arc<HalfSentBudget>) {
        *self.half() = Some(HalfSent::of(budget));
    }

    /// What came in is no message on its way any more; it counts on if `more` come.
    pub(super) fn heard(&self, more: bool) {
        let mut half = self.half();
        match half.as_mut() {
            Some(half) if more => half.heard(),
            _ => *half = None,
        }
    }

    /// So many bytes came in. Says whether there is room for them.
    fn takes(&self, bytes: usize) -> bool {
        self.half().as_mut().is_none_or(|half| half.takes(bytes))
    }

    /// Whether nobody else counts any more.
    pub(super) fn is_over(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

/// The slot of the connection that a request came over.
#[derive(Clone)]
pub(super) struct ConnectionSlot(pub(super) Arc<Slot>);

/// A stream with what it sent and the slot that it takes.
pub(super) struct CountedStream {
    stream: TcpStream,
    sent: SentBytes,
    unread: UnreadBody,
    /// Until when it stays to take what the peer still sends.
    lingering: Option<Pin<Box<Sleep>>>,
    _slot: Arc<Slot>,
}

impl CountedStream {
    pub(super) fn new(
        stream: TcpStream,
        sent: SentBytes,
        unread: UnreadBody,
        slot: Arc<Slot>,
    ) -> Self {
        Self {
            stream,
            sent,
            unread,
            lingering: None,
            _slot: slot,
        }
    }

    fn count_written(&self, written: Poll<std::io::Result<usize>>) -> Poll<std::io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &written {
            self.sent.add(*bytes);
        }
        written
    }

    /// Takes what the peer still sends and throws it away, until it ends or has had its time: closing
    /// before would take the answer back that it may not have read yet.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let lingering = self
            .lingering
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(LINGER)));
        if lingering.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        let mut room = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut room);
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl AsyncRead for CountedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if !self.sent.goes_on(context) {
            return Poll::Ready(Err(std::io::ErrorKind::ConnectionAborted.into()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let bytes = buffer.filled().len() - before;
        if bytes > 0 && !self.sent.takes(bytes) {
            return Poll::Ready(Err(std::io::ErrorKind::OutOfMemory.into()));
        }
        read
    }
}

impl AsyncWrite for CountedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.count_written(written)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.lingering.is_none() {
            std::task::ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
        }
        if self.unread.is_left() {
            std::task::ready!(self.poll_linger(context));
        }
        Poll::Ready(Ok(()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.count_written(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
