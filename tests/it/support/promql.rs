//! As much of Prometheus' query language as the shipped rules and panels use, over two scrapes.

use std::collections::{BTreeMap, BTreeSet};

pub type Labels = BTreeMap<String, String>;
type Series = Vec<(Labels, f64)>;

/// What `/metrics` said at one time.
#[derive(Default, Clone)]
pub struct Scrape(Vec<(String, Labels, f64)>);

impl Scrape {
    /// Reads the text format.
    pub fn of(text: &str) -> Self {
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        Self(lines.map(sample).collect())
    }

    fn named(&self, name: &str) -> impl Iterator<Item = (&Labels, f64)> {
        let ours = move |(of, ..): &&(String, Labels, f64)| of == name;
        self.0
            .iter()
            .filter(ours)
            .map(|(_, labels, value)| (labels, *value))
    }
}

fn sample(line: &str) -> (String, Labels, f64) {
    let (what, value) = line.rsplit_once(' ').expect("a value");
    let value = value.parse().expect("a number");
    let Some((name, labels)) = what.split_once('{') else {
        return (what.to_owned(), Labels::new(), value);
    };
    let mut scanner = Scanner::of(labels.strip_suffix('}').expect("closed"));
    let mut out = Labels::new();
    while !scanner.rest().is_empty() {
        let label = scanner.word();
        scanner.expect("=");
        out.insert(label, scanner.string());
        scanner.takes(",");
    }
    (name.to_owned(), out, value)
}

/// A query.
#[derive(Debug, Clone)]
pub enum Query {
    Number(f64),
    Select {
        name: String,
        matchers: Vec<(String, String, String)>,
    },
    Call {
        function: String,
        arguments: Vec<Query>,
    },
    Aggregate {
        by: Vec<String>,
        function: String,
        of: Box<Query>,
    },
    Binary {
        operator: String,
        left: Box<Query>,
        right: Box<Query>,
    },
}

/// What a query comes to.
#[derive(Debug, Clone)]
pub enum Answer {
    Scalar(f64),
    Vector(Series),
}

impl Answer {
    pub fn vector(self) -> Series {
        match self {
            Self::Vector(series) => series,
            Self::Scalar(value) => panic!("a scalar: {value}"),
        }
    }
}

impl Query {
    pub fn parse(text: &str) -> Self {
        let mut scanner = Scanner::of(text);
        let query = scanner.query(0);
        assert_eq!(scanner.rest(), "", "of `{text}`");
        query
    }

    /// The metrics it asks for, with the labels that it names.
    pub fn asks(&self, found: &mut BTreeMap<String, BTreeSet<String>>) {
        match self {
            Self::Number(_) => {}
            Self::Select { name, matchers } => {
                let labels = found.entry(name.clone()).or_default();
                labels.extend(matchers.iter().map(|(label, ..)| label.clone()));
            }
            Self::Call { arguments, .. } => arguments.iter().for_each(|of| of.asks(found)),
            Self::Aggregate { by, of, .. } => {
                let mut below = BTreeMap::new();
                of.asks(&mut below);
                for (name, mut labels) in below {
                    labels.extend(by.iter().cloned());
                    found.entry(name).or_default().extend(labels);
                }
            }
            Self::Binary { left, right, .. } => {
                left.asks(found);
                right.asks(found);
            }
        }
    }

    /// What it comes to at the second of two scrapes.
    pub fn answer(&self, before: &Scrape, now: &Scrape, seconds: f64, time: f64) -> Answer {
        let answer = |query: &Self| query.answer(before, now, seconds, time);
        match self {
            Self::Number(value) => Answer::Scalar(*value),
            Self::Select { name, matchers } => Answer::Vector(select(now, name, matchers)),
            Self::Call {
                function,
                arguments,
            } => match (function.as_str(), arguments.as_slice()) {
                ("time", []) => Answer::Scalar(time),
                ("rate" | "increase", [Self::Select { name, matchers }]) => {
                    let earlier = select(before, name, matchers);
                    let grown =
                        select(now, name, matchers)
                            .into_iter()
                            .filter_map(|(labels, to)| {
                                let from = earlier.iter().find(|(of, _)| *of == labels)?.1;
                                let grown = (to - from).max(0.0);
                                Some((
                                    labels,
                                    if function == "rate" {
                                        grown / seconds
                                    } else {
                                        grown
                                    },
                                ))
                            });
                    Answer::Vector(grown.collect())
                }
                ("absent", [of]) => Answer::Vector(match answer(of).vector().as_slice() {
                    [] => vec![(Labels::new(), 1.0)],
                    _ => Vec::new(),
                }),
                ("histogram_quantile", [Self::Number(part), of]) => {
                    Answer::Vector(quantiles(*part, answer(of).vector()))
                }
                other => panic!("not known here: {other:?}"),
            },
            Self::Aggregate { by, function, of } => {
                let mut groups: BTreeMap<Labels, Vec<f64>> = BTreeMap::new();
                for (mut labels, value) in answer(of).vector() {
                    labels.retain(|label, _| by.contains(label));
                    groups.entry(labels).or_default().push(value);
                }
                let one = |values: Vec<f64>| match function.as_str() {
                    "sum" => values.iter().sum(),
                    "max" => values.into_iter().fold(f64::MIN, f64::max),
                    other => panic!("not known here: {other}"),
                };
                let groups = groups.into_iter();
                Answer::Vector(
                    groups
                        .map(|(labels, values)| (labels, one(values)))
                        .collect(),
                )
            }
            Self::Binary {
                operator,
                left,
                right,
            } => combine(operator, answer(left), answer(right)),
        }
    }
}

fn select(scrape: &Scrape, name: &str, matchers: &[(String, String, String)]) -> Series {
    let fits = |labels: &Labels| {
        matchers.iter().all(|(label, operator, text)| {
            let value = labels.get(label).map_or("", String::as_str);
            // Of patterns there are alternatives, and one that fits any ending.
            let is_like = text.split('|').any(|one| match one.strip_suffix("..") {
                Some(begin) => value.len() == one.len() && value.starts_with(begin),
                None => value == one,
            });
            match operator.as_str() {
                "=" => value == text,
                "!=" => value != text,
                "=~" => is_like,
                other => panic!("not known here: {other}"),
            }
        })
    };
    let found = scrape.named(name).filter(|(labels, _)| fits(labels));
    found
        .map(|(labels, value)| (labels.clone(), value))
        .collect()
}

fn quantiles(part: f64, buckets: Series) -> Series {
    let mut groups: BTreeMap<Labels, Vec<(f64, f64)>> = BTreeMap::new();
    for (mut labels, count) in buckets {
        let until = labels.remove("le").expect("a bucket");
        let until = until.parse().unwrap_or(f64::INFINITY);
        groups.entry(labels).or_default().push((until, count));
    }
    let one = |mut buckets: Vec<(f64, f64)>| {
        buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all = buckets.last().expect("a bucket").1;
        let wanted = all * part;
        let found = buckets
            .iter()
            .find(|(until, count)| *count >= wanted && until.is_finite());
        // Beyond the last end: that end is what Prometheus tells.
        let last = buckets.iter().rev().find(|(until, _)| until.is_finite());
        let value = found.or(last).expect("a bucket").0;
        (all > 0.0).then_some(value)
    };
    let groups = groups.into_iter();
    groups
        .filter_map(|(labels, buckets)| Some((labels, one(buckets)?)))
        .collect()
}

fn combine(operator: &str, left: Answer, right: Answer) -> Answer {
    if operator == "or" {
        let (mut all, more) = (left.vector(), right.vector());
        let known: Vec<_> = all.iter().map(|(labels, _)| labels.clone()).collect();
        all.extend(
            more.into_iter()
                .filter(|(labels, _)| !known.contains(labels)),
        );
        return Answer::Vector(all);
    }
    let is_comparison = matches!(operator, ">" | "<");
    let work = |a: f64, b: f64| match operator {
        ">" => (a > b).then_some(a),
        "<" => (a < b).then_some(a),
        "/" => Some(a / b),
        "-" => Some(a - b),
        "*" => Some(a * b),
        other => panic!("not known here: {other}"),
    };
    match (left, right) {
        (Answer::Scalar(a), Answer::Scalar(b)) if !is_comparison => {
            Answer::Scalar(work(a, b).expect("a number"))
        }
        (Answer::Vector(all), Answer::Scalar(b)) => {
            let all = all.into_iter();
            Answer::Vector(all.filter_map(|(of, a)| Some((of, work(a, b)?))).collect())
        }
        (Answer::Scalar(a), Answer::Vector(all)) => {
            let all = all.into_iter();
            Answer::Vector(all.filter_map(|(of, b)| Some((of, work(a, b)?))).collect())
        }
        (Answer::Vector(all), Answer::Vector(others)) => {
            let other = |of: &Labels| others.iter().find(|(labels, _)| labels == of);
            let all = all.into_iter();
            let pairs = all.filter_map(|(of, a)| Some((of.clone(), work(a, other(&of)?.1)?)));
            Answer::Vector(pairs.collect())
        }
        other => panic!("not known here: {other:?}"),
    }
}

struct Scanner<'a>(&'a str);

impl<'a> Scanner<'a> {
    fn of(text: &'a str) -> Self {
        Self(text.trim_start())
    }

    fn rest(&self) -> &'a str {
        self.0
    }

    fn takes(&mut self, text: &str) -> bool {
        let Some(rest) = self.0.strip_prefix(text) else {
            return false;
        };
        self.0 = rest.trim_start();
        true
    }

    fn expect(&mut self, text: &str) {
        assert!(self.takes(text), "`{text}` is missing before `{}`", self.0);
    }

    fn word(&mut self) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let end = self.0.find(|c| !is_part(c)).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        assert!(!word.is_empty(), "a word is missing before `{rest}`");
        self.0 = rest.trim_start();
        word.to_owned()
    }

    fn string(&mut self) -> String {
        self.expect("\"");
        let end = self.0.find('"').expect("closed");
        let (text, rest) = self.0.split_at(end);
        self.0 = rest[1..].trim_start();
        text.to_owned()
    }

    /// A query whose operators bind at least so strongly.
    fn query(&mut self, strength: usize) -> Query {
        const LEVELS: [&[&str]; 4] = [&["or "], &[">", "<"], &["-"], &["/", "*"]];
        let Some(operators) = LEVELS.get(strength) else {
            return self.one();
        };
        let mut left = self.query(strength + 1);
        while let Some(operator) = operators.iter().find(|operator| self.takes(operator)) {
            let right = self.query(strength + 1);
            left = Query::Binary {
                operator: operator.trim().to_owned(),
                left: Box::new(left),
                right: Box::new(right),
            };
        }
        left
    }

    fn one(&mut self) -> Query {
        if self.takes("(") {
            let query = self.query(0);
            self.expect(")");
            return query;
        }
        let name = self.word();
        if let Ok(number) = name.parse() {
            return Query::Number(number);
        }
        let by = if self.takes("by") {
            self.names()
        } else {
            Vec::new()
        };
        if matches!(name.as_str(), "sum" | "max") {
            self.expect("(");
            let of = Box::new(self.query(0));
            self.expect(")");
            let by = if self.takes("by") { self.names() } else { by };
            return Query::Aggregate {
                by,
                function: name,
                of,
            };
        }
        if self.takes("(") {
            let mut arguments = Vec::new();
            while !self.takes(")") {
                arguments.push(self.query(0));
                self.takes(",");
            }
            return Query::Call {
                function: name,
                arguments,
            };
        }
        Query::Select {
            name,
            matchers: self.matchers(),
        }
    }

    fn names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        self.expect("(");
        while !self.takes(")") {
            names.push(self.word());
            self.takes(",");
        }
        names
    }

    /// In braces, and how far back, which two scrapes decide here.
    fn matchers(&mut self) -> Vec<(String, String, String)> {
        let mut matchers = Vec::new();
        if self.takes("{") {
            while !self.takes("}") {
                let label = self.word();
                let operator = ["=~", "!=", "="]
                    .into_iter()
                    .find(|operator| self.takes(operator));
                matchers.push((
                    label,
                    operator.expect("an operator").to_owned(),
                    self.string(),
                ));
                self.takes(",");
            }
        }
        if self.takes("[") {
            self.word();
            self.expect("]");
        }
        matchers
    }
}
