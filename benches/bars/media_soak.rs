//! A large call that goes on: thirty people send, each sees nine of the others, and guests come and go. What the
//! server takes must not grow, and nobody may be lost. `cargo bench -- soak 1800` lasts half an hour.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::Bar;
use crate::media_rooms::{LIMIT, Person, number, until};
use crate::media_server::MediaServer;

const ROOM: &str = "soak";
const PEOPLE: usize = 30;
/// Sections of each kind that they have.
const SECTIONS: usize = 12;
/// Pictures that each of them looks at, and packets of each in a second.
const SHOWN: usize = 9;
const PICTURES: u32 = 50;
/// At first so many come at once: what is kept of a picture, to be sent again, is bounded, and grows to
/// its bound with any such burst.
const BURST: (u32, Duration) = (400, Duration::from_secs(2));
/// How long it lasts, in seconds, if nobody says it.
const USUAL: u64 = 30;
/// After so long, or a third of the time, whatever is kept is there.
const SETTLES: Duration = Duration::from_mins(2);
/// How often a guest comes, or goes, and how often memory is looked at.
const GUEST: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_secs(1);
/// How many looks in a row say what is in memory: their mean.
const LOOKS: usize = 10;

/// The argument that is a number, in seconds.
fn lasts() -> Duration {
    let mut words = std::env::args().skip(1);
    Duration::from_secs(words.find_map(|word| word.parse().ok()).unwrap_or(USUAL))
}

/// What was seen of the server's memory, in kB.
struct Looks {
    next: Instant,
    all: Vec<f64>,
    settled: Option<usize>,
}

impl Looks {
    fn take(&mut self, server: &MediaServer, settled: bool) {
        if Instant::now() < self.next {
            return;
        }
        self.next += LOOK;
        if settled && self.settled.is_none() {
            self.settled = Some(self.all.len());
        }
        self.all.push(server.resident());
    }

    /// The mean when it had settled, and at the end.
    fn ends(&self) -> (f64, f64) {
        let mean = |of: &[f64]| of.iter().sum::<f64>() / number(of.len());
        let from = self.settled.expect("it lasts long enough");
        let settled = &self.all[from..];
        let some = LOOKS.min(settled.len());
        (
            mean(&settled[..some]),
            mean(&settled[settled.len() - some..]),
        )
    }
}

/// Somebody who comes for five seconds, and goes for five.
struct Guests {
    next: Instant,
    here: Option<Person>,
    came: usize,
}

impl Guests {
    fn turn(&mut self, server: &mut MediaServer) {
        if let Some(guest) = &mut self.here {
            guest.client.turn();
        }
        if Instant::now() < self.next {
            return;
        }
        self.next += GUEST;
        if let Some(guest) = self.here.take() {
            server.close(ROOM, &guest.name);
        } else {
            self.came += 1;
            let number = PEOPLE + self.came;
            self.here = Some(Person::join(server, ROOM, number, SECTIONS));
        }
    }
}

/// How much more is in memory at the end than when it had settled, in percent; a hundred more for
/// everybody who was lost.
pub fn soak() -> Bar {
    let mut server = MediaServer::start();
    let mut people: Vec<Person> = (0..PEOPLE)
        .map(|number| Person::join(&mut server, ROOM, number, SECTIONS))
        .collect();
    until(&mut people, |people| {
        people.iter().all(|of| of.people() == PEOPLE)
    });
    for (at, person) in people.iter_mut().enumerate() {
        let wish = |n: usize| {
            let participant = ((at + n) % PEOPLE).to_string();
            json!({ "participant": participant, "source": "camera", "width": 320 })
        };
        let videos: Vec<_> = (1..=SHOWN).map(wish).collect();
        person
            .client
            .say(&json!({ "type": "wishes", "videos": videos }));
    }
    let burst = Instant::now();
    while burst.elapsed() < BURST.1 {
        for person in &mut people {
            person.send(burst.elapsed(), BURST.0);
            person.client.turn();
        }
    }
    people.iter_mut().for_each(Person::begin_anew);
    let (began, lasts, before) = (Instant::now(), lasts(), server.cpu());
    let settles = SETTLES.min(lasts / 3);
    let mut looks = Looks {
        next: began,
        all: Vec::new(),
        settled: None,
    };
    let mut guests = Guests {
        next: began,
        here: None,
        came: 0,
    };
    while began.elapsed() < lasts {
        for person in &mut people {
            person.send(began.elapsed(), PICTURES);
            person.client.turn();
        }
        guests.turn(&mut server);
        looks.take(&server, began.elapsed() >= settles);
        // The rest that packets are sent in anyhow, so that the server has the processor.
        std::thread::sleep(Duration::from_millis(1));
    }
    let (settled, end) = looks.ends();
    let took = server.cpu() - before;
    let packets: u64 = people.iter().map(Person::packets).sum();
    let before: Vec<u64> = people.iter().map(Person::packets).collect();
    // Whoever is not lost receives on, however busy the machine is.
    let again = Instant::now();
    let flows = |(of, before): (&Person, &u64)| !of.client.closed && of.packets() > before + 100;
    while again.elapsed() < LIMIT && !people.iter().zip(&before).all(flows) {
        for person in &mut people {
            person.send(began.elapsed(), PICTURES);
            person.client.turn();
        }
    }
    let lost = people
        .iter()
        .zip(&before)
        .filter(|pair| !flows(*pair))
        .count();
    Bar {
        name: "percent that the memory of a long call grows",
        measured: (end / settled - 1.0) * 100.0 + number(lost) * 100.0,
        bar: 1.0,
        at_least: false,
        note: format!(
            "{PEOPLE} people and {} guests, {} s: {settled:.0} kB after {} s, {end:.0} kB at the end; \
             {lost} lost; {packets} packets came, {took:.0} s of processor",
            guests.came,
            lasts.as_secs(),
            settles.as_secs(),
        ),
    }
}
