//! Why there is no call.

use crate::error::{Error, Kind, Reason};
use crate::model::call::Side;

/// Why there is no call.
#[derive(Debug)]
pub enum CallRefusal {
    /// This one is in a call already.
    Busy(Side),
    /// Anything else.
    Failed(Error),
}

impl CallRefusal {
    /// What kind of failure it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Busy(_) => Kind::Conflict,
            Self::Failed(error) => error.kind(),
        }
    }
}

impl From<Error> for CallRefusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<CallRefusal> for Error {
    fn from(refusal: CallRefusal) -> Self {
        match refusal {
            CallRefusal::Busy(side) => {
                let message = match side {
                    Side::Caller => "the caller is in a call already",
                    Side::Callee => "the callee is in a call already",
                };
                Self::conflict(message).reason(Reason::Busy)
            }
            CallRefusal::Failed(error) => error,
        }
    }
}
