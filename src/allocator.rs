//! Where memory comes from: jemalloc, because it gives back what is free, on a thread of its own.
//!
//! Loading a large configuration takes three times the memory that the result needs, and a rush of
//! connections some too; the C library keeps all that it once had (decision 22). The thread takes no
//! signals, so the engine's process can still choose who does.

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
