//! The spool through its front door, on real files: one file a topic.

mod damage;
mod kill;
mod model;
mod opening;
mod room;
mod settling;
mod support;
mod syscalls;
