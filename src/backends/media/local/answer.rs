//! The text of an answer, as clients of every make understand it.

use str0m::change::SdpAnswer;

const CANDIDATE: &str = "a=candidate:";

/// An answer as text, with the candidates in every section that is taken. One section is enough where all share a
/// connection (RFC 9143, 7.3.1), but there are clients that look for them in another than the first.
pub(super) fn text_of(answer: &SdpAnswer) -> String {
    repeat_candidates(&answer.to_sdp_string())
}

fn repeat_candidates(sdp: &str) -> String {
    let candidates: Vec<&str> = sdp
        .lines()
        .filter(|line| line.starts_with(CANDIDATE))
        .collect();
    let (mut lines, mut lacks) = (Vec::new(), false);
    for line in sdp.lines() {
        if line.starts_with("m=") {
            if lacks {
                lines.extend(&candidates);
            }
            // Port 0 is a refusal (RFC 3264, 6).
            lacks = line.split(' ').nth(1) != Some("0");
        }
        lacks &= !line.starts_with(CANDIDATE);
        lines.push(line);
    }
    if lacks {
        lines.extend(&candidates);
    }
    lines.iter().flat_map(|line| [line, "\r\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_candidates_are_in_every_section_that_is_taken() {
        let sdp = "v=0\r\nm=audio 9 UDP 1\r\na=candidate:1 1 udp\r\na=candidate:2 1 udp\r\na=mid:0\r\n\
                   m=video 0 UDP 2\r\na=mid:1\r\nm=video 9 UDP 2\r\na=mid:2\r\nm=application 9 UDP 3\r\na=mid:3\r\n";
        let both = "a=candidate:1 1 udp\r\na=candidate:2 1 udp\r\n";
        let expected = format!(
            "v=0\r\nm=audio 9 UDP 1\r\n{both}a=mid:0\r\nm=video 0 UDP 2\r\na=mid:1\r\n\
             m=video 9 UDP 2\r\na=mid:2\r\n{both}m=application 9 UDP 3\r\na=mid:3\r\n{both}"
        );
        assert_eq!(repeat_candidates(sdp), expected);
        assert_eq!(repeat_candidates(""), "");
    }
}
