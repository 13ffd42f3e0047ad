//! What happens on an engine, across losses of the connection.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bollard::models::EventMessage;
use bollard::query_parameters::EventsOptions;
use futures_util::{Stream, StreamExt as _};
use tokio::time::{Instant, sleep_until, timeout};

use crate::{Endpoint, Engine, Error, Event};

/// The first pause before another attempt to connect; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How often a silent engine is asked whether it is still there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);
/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Follows what happens to the containers and networks of an engine. It never ends by itself: what
/// breaks is told once and then connected anew.
///
/// Dropping the future of [`Watch::next`] loses nothing, so it can stand in a `select!`.
pub struct Watch {
    endpoint: Endpoint,
    open: Option<Open>,
    pause: Duration,
    not_before: Option<Instant>,
}

struct Open {
    engine: Engine,
    events: Pin<Box<dyn Stream<Item = Result<EventMessage, bollard::errors::Error>> + Send>>,
    ask: Instant,
}

/// What a [`Watch`] tells.
#[derive(Debug)]
pub enum Change {
    /// There is a connection, for the first time or again. What was known before may be wrong:
    /// read everything anew. No event from now on is missing.
    Connected,
    /// Something happened. An event can be told twice.
    Event(Event),
    /// The engine cannot be reached. Another attempt follows by itself, after a pause that grows to
    /// ten seconds.
    Lost(Error),
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("endpoint", &self.endpoint)
            .field("open", &self.open.is_some())
            .finish_non_exhaustive()
    }
}

impl Watch {
    /// Follows an engine, which need not be there yet.
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            open: None,
            pause: FIRST_PAUSE,
            not_before: None,
        }
    }

    /// The engine, while there is a connection.
    pub fn engine(&self) -> Option<&Engine> {
        self.open.as_ref().map(|open| &open.engine)
    }

    /// Waits for the next change.
    pub async fn next(&mut self) -> Change {
        let error = match &mut self.open {
            None => {
                if let Some(time) = self.not_before {
                    sleep_until(time).await;
                }
                match open(&self.endpoint).await {
                    Ok(open) => {
                        self.open = Some(open);
                        self.not_before = None;
                        return Change::Connected;
                    }
                    Err(error) => error,
                }
            }
            Some(open) => match open.next().await {
                Ok(event) => {
                    self.pause = FIRST_PAUSE;
                    return Change::Event(event);
                }
                Err(error) => error,
            },
        };
        self.open = None;
        self.not_before = Some(Instant::now() + self.pause);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Change::Lost(error)
    }
}

async fn open(endpoint: &Endpoint) -> Result<Open, Error> {
    let engine = Engine::connect(endpoint).await?;
    // The request for events is on its way when the caller begins to read. What happens in between
    // is told as well, since the engine counts from its own time now.
    let info = engine.docker.info().await;
    let info = info.map_err(|error| engine.failed("ask for the time", error))?;
    let now = info
        .system_time
        .and_then(|time| time.parse::<jiff::Timestamp>().ok());
    let kinds = vec!["container".to_owned(), "network".to_owned()];
    let options = EventsOptions {
        since: now.map(|now| format!("{}.{:09}", now.as_second(), now.subsec_nanosecond())),
        filters: Some(HashMap::from([("type".to_owned(), kinds)])),
        ..EventsOptions::default()
    };
    let events = Box::pin(engine.docker.events(Some(options)));
    let ask = Instant::now() + SIGN_OF_LIFE;
    Ok(Open {
        engine,
        events,
        ask,
    })
}

impl Open {
    async fn next(&mut self) -> Result<Event, Error> {
        loop {
            tokio::select! {
                event = self.events.next() => return match event {
                    Some(Ok(event)) => Ok(Event::read(event)),
                    Some(Err(error)) => Err(self.engine.failed("follow its events", error)),
                    None => Err(Error::Ended { endpoint: self.engine.endpoint().clone() }),
                },
                () = sleep_until(self.ask) => {
                    match timeout(PATIENCE, self.engine.ping()).await {
                        Ok(answer) => answer?,
                        Err(_) => return Err(Error::NoEngine {
                            endpoint: self.engine.endpoint().clone(),
                            source: "it has stopped answering".into(),
                        }),
                    }
                    self.ask = Instant::now() + SIGN_OF_LIFE;
                }
            }
        }
    }
}
