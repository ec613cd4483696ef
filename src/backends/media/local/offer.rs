//! What a client offers: how much of it there may be, and the answer to it.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use str0m::change::SdpOffer;
use str0m::config::DtlsCert;
use str0m::format::{Codec, FormatParams};
use str0m::media::Frequency;
use str0m::{Candidate, Rtc};

use super::answer::text_of;
use crate::error::{Error, Kind, Result};

/// The longest offer, in bytes: Chromium's, of somebody who is sent 28 pictures, has 163,000.
const LONGEST: usize = 224 * 1024;
/// The most sections of one, and the most addresses in it.
const MOST_SECTIONS: usize = 128;
const MOST_CANDIDATES: usize = 512;
/// How often it is looked how a client's line is.
const REPORTED: Duration = Duration::from_millis(250);
/// The payload type of Opus where the offer leaves it open: the one that browsers give it.
const OPUS: u8 = 111;
/// How much is told of what is wrong, in characters.
const TOLD: usize = 200;
/// What is forwarded, by the kind of a section: how that is called, and its codecs.
const FORWARDED: [(&str, &str, &[&str]); 2] = [
    ("m=audio ", "sound", &["opus"]),
    ("m=video ", "pictures", &["VP8", "H264"]),
];

/// Reads an offer, a session description (RFC 8866).
pub(super) fn read(sdp: &str) -> Result<SdpOffer> {
    let lines = |start: &str| sdp.lines().filter(|line| line.starts_with(start)).count();
    if sdp.len() > LONGEST || lines("m=") > MOST_SECTIONS {
        return Err(Error::invalid("the offer is too long"));
    }
    if lines("a=candidate:") > MOST_CANDIDATES {
        return Err(Error::invalid("the offer has too many candidates"));
    }
    let read = contained(|| SdpOffer::from_sdp_string(sdp))?;
    // Where it stopped to read, the library tells by an address in memory: that is for the log.
    let unreadable = |error: str0m::error::SdpError| {
        let what = "the offer cannot be read as a session description";
        Error::invalid(what).because(error.to_string())
    };
    let offer = read.map_err(unreadable)?;
    check_common_ground(sdp)?;
    Ok(offer)
}

/// Refuses an offer by whose codecs nobody would ever see or hear anything.
fn check_common_ground(sdp: &str) -> Result<()> {
    for (start, what, codecs) in FORWARDED {
        let (mut asked, mut shared) = (false, false);
        let mut within = false;
        for line in sdp.lines() {
            if line.starts_with("m=") {
                within = line.starts_with(start);
                asked |= within;
            } else if within && let Some((_, codec)) = rtpmap(line) {
                shared |= codecs.iter().any(|of| of.eq_ignore_ascii_case(codec));
            }
        }
        if asked && !shared {
            let codecs = codecs.join(" or ");
            return Err(Error::invalid(format!(
                "the offer has no codec for {what} that is forwarded here; offer {codecs}"
            )));
        }
    }
    Ok(())
}

/// The payload type and the codec that a line gives it (RFC 8866, 6.6).
fn rtpmap(line: &str) -> Option<(&str, &str)> {
    let (payload, codec) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
    Some((payload, codec.trim().split('/').next()?))
}

/// The end of a connection here, to which nothing was offered yet.
pub(super) fn begin(certificate: DtlsCert, announced: SocketAddr, now: Instant) -> Result<Rtc> {
    let mut config = Rtc::builder()
        .set_ice_lite(true)
        .set_rtp_mode(true)
        .set_dtls_cert(certificate)
        .set_stats_interval(Some(REPORTED))
        .clear_codecs()
        .enable_vp8(true)
        .enable_h264(true);
    config.codec_config().add_config(
        OPUS.into(),
        None,
        Codec::Opus,
        Frequency::FORTY_EIGHT_KHZ,
        Some(2),
        speech(),
    );
    let mut rtc = config.build(now);
    let candidate = Candidate::host(announced, "udp").map_err(unusable)?;
    rtc.add_local_candidate(candidate);
    Ok(rtc)
}

/// How sound is asked for: what is lost is made up from what comes after it, and whoever is silent or muted
/// sends next to nothing (RFC 7587, 6.1).
fn speech() -> FormatParams {
    FormatParams {
        min_p_time: Some(10),
        use_inband_fec: Some(true),
        use_dtx: Some(true),
        ..FormatParams::default()
    }
}

/// Media cannot be forwarded, and why.
pub(super) fn unusable(error: impl std::fmt::Display) -> Error {
    Error::new(
        Kind::Unavailable,
        format!("media cannot be forwarded: {error}"),
    )
}

/// Takes an offer. One that contradicts what was agreed on before may end the connection.
pub(super) fn answer(rtc: &mut Rtc, offer: SdpOffer) -> Result<String> {
    let answered = contained(|| {
        let answer = rtc.sdp_api().accept_offer(offer)?;
        Ok::<_, str0m::RtcError>(text_of(&answer))
    });
    match answered {
        Ok(answer) => answer.map_err(|error| wrong("the offer cannot be answered", &error)),
        Err(error) => {
            // Whatever was half done is not gone on with.
            rtc.disconnect();
            Err(error)
        }
    }
}

/// The library insists on some of its rules by panics. Where an offer brings one about, that is the end
/// of this offer, and not of everybody's media.
fn contained<T>(work: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| Error::invalid("the offer contradicts itself; offer again"))
}

/// What is wrong, in one line.
fn wrong(what: &str, error: &impl std::fmt::Display) -> Error {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let told: String = error
        .to_string()
        .chars()
        .map(printable)
        .take(TOLD)
        .collect();
    let told = told.trim_end_matches(['.', ' ']);
    Error::invalid(format!("{what}: {told}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROMIUM: &str = include_str!("../../../../tests/hostile/media_offer/chromium");

    fn rtc() -> Rtc {
        let provider = str0m::crypto::from_feature_flags().dtls_provider;
        let certificate = provider.generate_certificate().expect("a certificate");
        let announced = "192.0.2.1:7882".parse().expect("an address");
        begin(certificate, announced, Instant::now()).expect("begins")
    }

    /// The offer with so many sections more like its last one for pictures.
    fn with_pictures(more: usize) -> String {
        let at = CHROMIUM.rfind("m=video").expect("there");
        let (before, rest) = CHROMIUM.split_at(at);
        let (section, channel) = rest.split_at(rest.find("m=application").expect("there"));
        let numbers = 100..100 + more;
        let mids = numbers
            .clone()
            .fold(String::new(), |all, n| format!("{all} {n}"));
        let others = numbers.map(|n| section.replace("a=mid:8\r", &format!("a=mid:{n}\r")));
        let bundle = "a=group:BUNDLE 0 1 2 4 8 12";
        let before = before.replace(bundle, &format!("{bundle}{mids}"));
        format!("{before}{section}{channel}{}", others.collect::<String>())
    }

    #[test]
    fn a_browser_that_is_sent_many_pictures_is_answered() {
        let long = with_pictures(28);
        assert!(long.len() > 128 * 1024, "as long as a browser's");
        let answer = answer(&mut rtc(), read(&long).expect("read")).expect("answered");
        assert_eq!(answer.matches("m=video").count(), 31);
        assert!(answer.contains(";usedtx=1\r\n"), "silence is not sent");
        let kind = read(&with_pictures(60)).expect_err("too long").kind();
        assert_eq!(kind, crate::Kind::InvalidInput);
    }

    #[test]
    fn addresses_are_bounded() {
        let one = "a=candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host\r\n";
        let many = |n: usize| CHROMIUM.replacen("a=ice-ufrag", &(one.repeat(n) + "a=ice-ufrag"), 1);
        read(&many(100)).expect("read");
        let refusal = read(&many(600)).expect_err("too many");
        assert!(refusal.to_string().contains("candidates"), "{refusal}");
    }

    #[test]
    fn an_offer_without_a_codec_that_is_forwarded_is_refused() {
        let others = CHROMIUM.replace("VP8/", "VP9/").replace("H264/", "H265/");
        let refusal = read(&others).expect_err("nothing in common");
        assert!(refusal.to_string().contains("VP8 or H264"), "{refusal}");
        let refusal = read(&CHROMIUM.replace("opus/", "G722/")).expect_err("nothing in common");
        assert!(refusal.to_string().contains("offer opus"), "{refusal}");
        read(&CHROMIUM.replace("VP8/", "VP9/")).expect("H264 is left");
    }
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::{hostile, refused};

    const FIREFOX: &str = include_str!("../../../../tests/hostile/media_offer/firefox");

    fn told<T>(outcome: Result<T>) -> Option<T> {
        if let Err(error) = &outcome {
            assert_eq!(error.kind(), crate::Kind::InvalidInput);
            refused(error);
        }
        outcome.ok()
    }

    fn rtc() -> Rtc {
        static CERTIFICATE: std::sync::LazyLock<DtlsCert> = std::sync::LazyLock::new(|| {
            let provider = str0m::crypto::from_feature_flags().dtls_provider;
            provider.generate_certificate().expect("a certificate")
        });
        let announced = "192.0.2.1:7882".parse().expect("an address");
        begin(CERTIFICATE.clone(), announced, Instant::now()).expect("begins")
    }

    /// An offer is answered or refused with a sentence, as the first one and after another.
    fn offer(bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let Some(first) = told(read(&text)) else {
            return;
        };
        if let Some(answer) = told(answer(&mut rtc(), first)) {
            assert!(answer.len() < 2 * LONGEST, "an answer as long as that");
        }
        // A connection that is there costs as much again: a quarter is enough.
        if !text.len().is_multiple_of(4) {
            return;
        }
        let mut rtc = rtc();
        let good = read(FIREFOX).expect("read");
        answer(&mut rtc, good).expect("answered");
        if let Some(again) = told(read(&text)) {
            told(answer(&mut rtc, again));
        }
    }

    #[test]
    fn media_offer_is_answered_or_refused() {
        hostile!("media_offer", offer);
    }
}
