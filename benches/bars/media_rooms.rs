//! What people in calls take of the server: memory of who only is there, of every picture that
//! somebody receives, the processor's time of a join, and whether anything grows with time.

use std::ops::Range;
use std::time::{Duration, Instant};

use crate::Bar;
use crate::media_client::{MediaClient, picture};
use crate::media_server::MediaServer;

/// How many there are for the bars, in rooms of how many.
const PEOPLE: usize = 200;
const ROOM: usize = 10;
/// Sections of each kind that a browser's page opens at first, and how many for a room of ten.
const FIRST_SECTIONS: usize = 4;
const SECTIONS: usize = 12;
/// Packets of a picture and of a voice, in a second and of so many bytes.
const PICTURE: (u32, usize) = (170, 1100);
const VOICE: (u32, usize) = (50, 90);
/// How long pictures come until what they take has settled: longer than any is kept.
const SETTLES: Duration = Duration::from_secs(6);
/// Whatever else the machine does, by then they are connected.
pub const LIMIT: Duration = Duration::from_mins(2);

/// Somebody in a call.
pub struct Person {
    pub client: Box<MediaClient>,
    pub name: String,
    pictures: u32,
    voices: u32,
}

impl Person {
    pub fn join(server: &mut MediaServer, room: &str, number: usize, receives: usize) -> Self {
        let (mut client, sdp) = MediaClient::new(false, receives);
        let name = number.to_string();
        client.take_answer(&server.offer(room, &name, &sdp));
        client.bare();
        Self {
            client: Box::new(client),
            name,
            pictures: 0,
            voices: 0,
        }
    }

    /// Sends what is due by now; a picture that stands for itself when one is asked for.
    pub fn send(&mut self, passed: Duration, pictures: u32) {
        let due = |rate: u32| passed.as_secs_f64() * f64::from(rate);
        while f64::from(self.pictures) < due(pictures) {
            self.pictures += 1;
            let asked = std::mem::take(&mut self.client.key_frames_asked) > 0;
            let number = u16::try_from(self.pictures % 0x8000).expect("15 bits");
            let width = (asked || self.pictures == 1).then_some(640);
            self.client.show(None, &picture(width, number, PICTURE.1));
        }
        while f64::from(self.voices) < due(VOICE.0) {
            self.voices += 1;
            self.client.speak(-30, &[7; VOICE.1]);
        }
    }

    /// What is due is counted from now on.
    pub fn begin_anew(&mut self) {
        (self.pictures, self.voices) = (0, 0);
    }

    /// Packets of pictures and voices that came.
    pub fn packets(&self) -> u64 {
        self.client.received.values().map(|of| of.packets).sum()
    }

    pub fn people(&self) -> usize {
        let word = self.client.word("tracks");
        word.map_or(0, |word| word["people"].as_array().map_or(0, Vec::len))
    }
}

pub fn number(of: usize) -> f64 {
    f64::from(u32::try_from(of).unwrap_or(u32::MAX))
}

/// Lets everybody do what they have to until it is so.
pub fn until(people: &mut [Person], so: impl Fn(&[Person]) -> bool) {
    let end = Instant::now() + LIMIT;
    while !so(people) {
        assert!(Instant::now() < end, "it never came");
        for person in people.iter_mut() {
            person.client.turn();
        }
        // Nothing waits for a packet here: a rest, so that the server has the processor.
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// So many, connected, in rooms of ten.
fn connected(server: &mut MediaServer, numbers: Range<usize>, sections: usize) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for number in numbers {
        let room = format!("room-{}", number / ROOM);
        people.push(Person::join(server, &room, number, sections));
        // A room at a time, as they come.
        if number % ROOM == ROOM - 1 {
            until(&mut people, |people| {
                people.iter().all(|person| person.people() == ROOM)
            });
        }
    }
    people
}

/// Memory of who is connected, and sends and receives nothing.
pub fn idle_participant() -> Bar {
    let mut server = MediaServer::start();
    // The first one brings the thread, the certificate and the like.
    let _first = connected(&mut server, 0..ROOM, FIRST_SECTIONS);
    let before = server.resident();
    let _others = connected(&mut server, ROOM..PEOPLE, FIRST_SECTIONS);
    let after = server.resident();
    Bar {
        name: "kB per idle connected participant",
        measured: (after - before) / number(PEOPLE - ROOM),
        bar: 200.0,
        at_least: false,
        note: format!(
            "{} more in rooms of {ROOM}, {FIRST_SECTIONS} sections of each kind: {before:.0} kB, then {after:.0} kB",
            PEOPLE - ROOM
        ),
    }
}

/// Memory of each picture that somebody receives: a room of ten, in which all see all others.
pub fn received_video() -> Bar {
    let mut server = MediaServer::start();
    let mut people = connected(&mut server, 0..ROOM, SECTIONS);
    let before = server.resident();
    let received = |people: &[Person]| -> usize {
        let of = |person: &Person| {
            let mids = &person.client.video;
            let got = |mid| person.client.received.get(mid);
            let seen = mids.iter().filter_map(got);
            seen.filter(|of| of.packets > 100).count()
        };
        people.iter().map(of).sum()
    };
    let began = Instant::now();
    while began.elapsed() < SETTLES {
        for person in &mut people {
            person.send(began.elapsed(), PICTURE.0);
            person.client.turn();
        }
    }
    let after = server.resident();
    let videos = received(&people);
    let packets = people.iter().map(Person::packets).sum::<u64>();
    Bar {
        name: "kB per picture that somebody receives",
        measured: (after - before) / number(videos),
        bar: 300.0,
        at_least: false,
        note: format!(
            "a room of {ROOM}: {videos} pictures of {} packets a second, {packets} packets came: {before:.0} kB, then {after:.0} kB",
            PICTURE.0
        ),
    }
}

/// The processor's time of a join: the offer, the handshake and whatever is said until all know.
pub fn join() -> Bar {
    let mut server = MediaServer::start();
    let _first = connected(&mut server, 0..ROOM, FIRST_SECTIONS);
    let before = server.cpu();
    let _others = connected(&mut server, ROOM..PEOPLE, FIRST_SECTIONS);
    let took = server.cpu() - before;
    Bar {
        name: "ms of the server's processor for a join",
        measured: took * 1000.0 / number(PEOPLE - ROOM),
        bar: 2.0,
        at_least: false,
        note: format!(
            "{} joins in rooms of {ROOM}, {took:.2} s of processor",
            PEOPLE - ROOM
        ),
    }
}
