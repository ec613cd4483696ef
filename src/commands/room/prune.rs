//! Deletes the rooms that match a filter: `plan` finds them and counts the cost, `apply` deletes.

use std::collections::{HashMap, HashSet};

use glob::Pattern;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::delete;
use crate::backends::rooms::RoomBackend;
use crate::commands::lease::{Lease, LeaseName};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::counted::agreed;
use crate::model::listing::Listing;
use crate::model::page::{LARGEST_PAGE, is_zero};
use crate::model::report::{Cost, DeleteReport};
use crate::model::{BackendName, PageRequest, Room, RoomName, Span};

/// Older plans are made again before anything is deleted: somebody may have gone in meanwhile.
const FRESH: SignedDuration = SignedDuration::from_secs(10);

/// Which rooms, and how many at most. A room must pass every filter that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PruneRooms)]
pub struct Input {
    /// Where the rooms live; the configured backend if absent.
    #[serde(default)]
    pub backend: Option<BackendName>,
    /// Made longer ago than this.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "30d")]
    pub older_than: Option<Span>,
    /// Past their expiry.
    #[serde(default)]
    pub expired: bool,
    /// Past their expiry for this long.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "24h")]
    pub expired_for: Option<Span>,
    /// With nobody inside now.
    #[serde(default)]
    pub empty: bool,
    /// That nobody ever was in; join tokens and what operators write do not count.
    #[serde(default)]
    pub never_joined: bool,
    /// That nobody was in for this long, and that were not made, or made ready by a join token, since.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "7d")]
    pub unused_for: Option<Span>,
    /// With a name that matches this pattern of `*`, `?` and `[…]`.
    #[serde(default, rename = "match")]
    pub matching: Option<String>,
    /// Rooms with people inside, too; otherwise they are left alone.
    #[serde(default)]
    pub include_occupied: bool,
    /// Do nothing if more rooms than this match.
    #[serde(default)]
    pub max_delete: Option<u64>,
    /// Do nothing if more than this share of all rooms match.
    #[serde(default)]
    pub max_delete_percent: Option<u8>,
    /// Of the rooms that match only these, as a dry run named them; all of them if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<RoomName>,
}

impl Input {
    /// Whether it says which rooms are meant.
    pub fn has_filter(&self) -> bool {
        self.older_than.is_some()
            || self.expired
            || self.expired_for.is_some()
            || self.empty
            || self.never_joined
            || self.unused_for.is_some()
            || self.matching.is_some()
    }
}

/// What pruning would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PruneRoomsPlan)]
pub struct Plan {
    /// Where the rooms live.
    pub backend: BackendName,
    /// How many rooms there are.
    pub total: u64,
    /// How many match and will be deleted.
    pub matched: u64,
    /// How many match but have people inside and are left alone.
    pub occupied: u64,
    /// The rooms, in the order they will be deleted.
    pub names: Vec<RoomName>,
    /// How many calls to the vendor it took to find them, at the least.
    pub looked: u64,
    /// What it will cost.
    pub cost: Cost,
    /// The safety limit that forbids it, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<String>,
    /// How many rooms cannot be read and are left alone; absent for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unreadable: u64,
    /// When the rooms were looked at.
    #[serde(skip)]
    pub made_at: Timestamp,
    /// What it was made for, and is made again for.
    #[serde(skip)]
    pub input: Input,
    /// When to stop at the latest, with the rest left; whoever has it carried out says so.
    #[serde(skip)]
    pub until: Option<Timestamp>,
}

impl Plan {
    /// Insists that no safety limit forbids it.
    pub(crate) fn insist_on_limits(&self) -> Result<()> {
        match &self.guard {
            Some(limit) => Err(Error::new(
                Kind::Guard,
                format!("{limit}; nothing was deleted"),
            )),
            None => Ok(()),
        }
    }
}

/// Finds the rooms.
///
/// # Errors
/// [`Kind::InvalidInput`] without any filter or with a wrong pattern, [`Kind::Unsupported`] when
/// the vendor does not know what a filter asks.
pub async fn plan(context: &Context, input: Input) -> Result<Plan> {
    let backend = context.backends.get(input.backend)?;
    let filter = Filter::new(context, &input).await?;
    let mut candidates = Vec::new();
    let mut total = 0;
    let working = context.working("Looking at rooms", 0);
    let (mut unreadable, mut after) = (0, None);
    let mut listing = Listing::of("rooms");
    let mut looked = u64::from(backend.rooms.capabilities().participants);
    loop {
        let limit = LARGEST_PAGE;
        let page = backend.rooms.list(&PageRequest { after, limit }).await?;
        looked += 1;
        let ids = page.items.iter().map(|room| room.id.as_str());
        listing.turn(ids, page.next.as_deref())?;
        total += page.items.len() as u64;
        unreadable += page.unreadable;
        working.advance(page.items.len());
        let fitting = page.items.into_iter().filter(|room| filter.takes(room));
        candidates.extend(fitting.map(|room| (room.name, room.created_at)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if let Some(since) = filter.history_since(&candidates)? {
        let used = backend.occupancy.used_since(since).await?;
        looked += 1;
        candidates.retain(|(name, _)| filter.lies_idle(name, &used));
    }
    drop(working);
    let names = candidates.into_iter().map(|(name, _)| name).collect();
    let looked = if backend.name == BackendName::Local {
        0
    } else {
        looked
    };
    let plan = planned(backend, &filter, (names, total));
    Ok(Plan {
        looked,
        unreadable,
        ..plan
    })
}

/// What is to go of rooms that fit, of so many in all: those with people inside only if that is wanted.
fn planned(
    backend: &RoomBackend,
    filter: &Filter<'_>,
    (mut names, total): (Vec<RoomName>, u64),
) -> Plan {
    let input = filter.input;
    let found = names.len() as u64;
    names.retain(|name| input.include_occupied || !filter.has_people(name));
    names.sort_unstable();
    names.dedup();
    let matched = names.len() as u64;
    Plan {
        backend: backend.name,
        total,
        matched,
        occupied: found - matched,
        looked: 0,
        cost: backend.rooms.delete_cost(matched, total),
        guard: guard(input, matched, total),
        unreadable: 0,
        made_at: filter.now,
        input: input.clone(),
        until: None,
        names,
    }
}

/// As [`plan`], of these rooms alone, however many others there are.
///
/// # Errors
/// As [`plan`].
pub(super) async fn plan_of(context: &Context, input: Input, rooms: Vec<Room>) -> Result<Plan> {
    let backend = context.backends.get(input.backend)?;
    let filter = Filter::new(context, &input).await?;
    let total = rooms.len() as u64;
    let fitting = rooms
        .into_iter()
        .filter(|room| room.backend == backend.name && filter.takes(room));
    let names = fitting.map(|room| room.name).collect();
    Ok(planned(backend, &filter, (names, total)))
}

fn guard(input: &Input, matched: u64, total: u64) -> Option<String> {
    if let Some(most) = input.max_delete.filter(|most| matched > *most) {
        return Some(format!(
            "{}, more than the {most} allowed",
            agreed(matched, "room matches", "rooms match")
        ));
    }
    let percent = u64::from(input.max_delete_percent?);
    (matched * 100 > total * percent)
        .then(|| format!("{matched} of {total} rooms match, more than the {percent} % allowed"))
}

/// Deletes what the plan names, unless a safety limit forbids it or another prune is at work. If
/// the plan is not fresh any more, rooms that no longer match are left alone.
///
/// # Errors
/// [`Kind::Guard`], [`Kind::Locked`]; otherwise as [`delete::apply`].
pub async fn apply(context: &Context, plan: Plan) -> Result<DeleteReport> {
    plan.insist_on_limits()?;
    let unreadable = plan.unreadable;
    let lease = Lease::take(context, &LeaseName::prune(plan.backend)).await?;
    let outcome = lease.hold_while(delete_matching(context, plan)).await;
    lease.release().await;
    outcome.map(|report| DeleteReport {
        unreadable,
        ..report
    })
}

async fn delete_matching(context: &Context, mut plan: Plan) -> Result<DeleteReport> {
    let age = context.clock.now().duration_since(plan.made_at);
    if age > FRESH {
        let now: HashSet<RoomName> = self::plan(context, plan.input)
            .await?
            .names
            .into_iter()
            .collect();
        plan.names.retain(|name| now.contains(name));
    }
    if plan.names.is_empty() {
        return Ok(DeleteReport::new(plan.backend));
    }
    let work = delete::Plan {
        backend: plan.backend,
        names: plan.names,
        cost: plan.cost,
        part: None,
        until: plan.until,
    };
    delete::apply(context, work).await
}

/// The filter with everything it has to know beforehand.
struct Filter<'a> {
    input: &'a Input,
    now: Timestamp,
    pattern: Option<Pattern>,
    only: HashSet<&'a RoomName>,
    people: HashMap<String, u64>,
}

impl<'a> Filter<'a> {
    async fn new(context: &Context, input: &'a Input) -> Result<Self> {
        check(input)?;
        let wrong = |error: glob::PatternError| {
            Error::invalid(format!("the pattern cannot be read: {}", error.msg))
        };
        let backend = context.backends.get(input.backend)?;
        let able = backend.rooms.capabilities();
        if (input.never_joined || input.unused_for.is_some()) && !able.history {
            return Err(Error::unsupported(format!(
                "{} does not tell when rooms were used; leave never_joined and unused_for out",
                backend.name
            )));
        }
        Ok(Self {
            input,
            now: context.clock.now(),
            pattern: input
                .matching
                .as_deref()
                .map(Pattern::new)
                .transpose()
                .map_err(wrong)?,
            only: input.only.iter().collect(),
            people: if able.participants {
                backend.occupancy.occupied().await?
            } else {
                HashMap::new()
            },
        })
    }

    /// Whether a room passes everything that needs no history.
    fn takes(&self, room: &Room) -> bool {
        let older = |span: Span| before(self.now, span).is_ok_and(|then| room.created_at < then);
        let unused = |span: Span| {
            before(self.now, span).is_ok_and(|then| room.last_used_at.is_none_or(|at| at < then))
        };
        let name = room.name.as_str();
        let input = self.input;
        let vacant = input.empty || input.never_joined || input.unused_for.is_some();
        (self.only.is_empty() || self.only.contains(&room.name))
            && input.older_than.is_none_or(older)
            && input
                .unused_for
                .is_none_or(|span| older(span) && unused(span))
            && (!input.expired || room.is_expired(self.now))
            && input
                .expired_for
                .is_none_or(|span| before(self.now, span).is_ok_and(|then| room.is_expired(then)))
            && (!vacant || !self.has_people(&room.name))
            && self
                .pattern
                .as_ref()
                .is_none_or(|pattern| pattern.matches(name))
    }

    fn has_people(&self, name: &RoomName) -> bool {
        self.people
            .get(name.as_str())
            .is_some_and(|people| *people > 0)
    }

    /// How far back the history is needed, if at all: for rooms that nobody ever joined to the
    /// creation of the oldest one.
    fn history_since(&self, rooms: &[(RoomName, Timestamp)]) -> Result<Option<Timestamp>> {
        if self.input.never_joined {
            return Ok(rooms.iter().map(|(_, created_at)| *created_at).min());
        }
        self.input
            .unused_for
            .map(|span| before(self.now, span))
            .transpose()
    }

    /// Whether the history clears a room; `used` reaches back as far as is needed.
    fn lies_idle(&self, name: &RoomName, used: &HashMap<String, Timestamp>) -> bool {
        let last = used.get(name.as_str());
        let recently = |span: Span| {
            before(self.now, span).is_ok_and(|then| last.is_some_and(|last| *last >= then))
        };
        (!self.input.never_joined || last.is_none()) && !self.input.unused_for.is_some_and(recently)
    }
}

fn check(input: &Input) -> Result<()> {
    if !input.has_filter() {
        return Err(Error::invalid(
            "no filter is given; say which rooms: older_than, expired, expired_for, empty, \
             never_joined, unused_for or match",
        ));
    }
    if input
        .max_delete_percent
        .is_some_and(|percent| percent > 100)
    {
        return Err(Error::invalid("max_delete_percent is over 100"));
    }
    Ok(())
}

fn before(now: Timestamp, span: Span) -> Result<Timestamp> {
    now.checked_sub(span.signed())
        .map_err(|error| Error::invalid(format!("{span} is too long ago")).because(error))
}
