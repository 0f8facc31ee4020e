//! The calls that the compiler cannot check: signals, the engine library, a child's last signal.
//!
//! The only unsafe code of the package. Each block states why it is sound.

#![allow(unsafe_code)] // a C library and POSIX signals have no safe face; kept to this one file

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::fs::File;
use std::io;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command};

/// Why the engine library did not run, or ended with an error of its own.
#[derive(Debug, thiserror::Error)]
pub(super) enum LibraryError {
    #[error("cannot load the engine library: {0}")]
    Load(#[from] libloading::Error),
    #[error("the engine ended: {0}")]
    Ended(String),
}

/// The signals that ask a process to end, taken out of circulation.
pub(super) struct EndSignals(libc::sigset_t);

impl EndSignals {
    /// Blocks them for this thread and for every thread it starts from here on.
    pub(super) fn block() -> Self {
        let mut set = MaybeUninit::uninit();
        // SAFETY: `sigemptyset` initialises the set before anything reads it; every pointer is to a local.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGHUP] {
                libc::sigaddset(set.as_mut_ptr(), signal);
            }
            libc::pthread_sigmask(libc::SIG_BLOCK, set.as_ptr(), std::ptr::null_mut());
            Self(set.assume_init())
        }
    }

    /// Waits until one of them arrives.
    pub(super) fn wait(&self) {
        let mut signal = 0;
        // SAFETY: both pointers are to live values of the right type.
        while unsafe { libc::sigwait(&raw const self.0, &raw mut signal) } != 0 {}
    }
}

/// Takes the process's standard input away and leaves `/dev/null` in its place, so that only the
/// caller sees the parent close its end.
pub(super) fn take_stdin() -> io::Result<OwnedFd> {
    let parent = io::stdin().as_fd().try_clone_to_owned()?;
    let null = File::open("/dev/null")?;
    // SAFETY: `null` is open for the call, and descriptor 0 is nobody's property but the process's.
    match unsafe { libc::dup2(null.as_raw_fd(), 0) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(parent),
    }
}

/// Runs the library's command line to its end, which is when the queries in `arguments` end.
pub(super) fn run(library: &Path, arguments: &[CString]) -> Result<(), LibraryError> {
    type Run = unsafe extern "C" fn(c_int, *mut *mut c_char) -> *mut c_void;
    type Failure = unsafe extern "C" fn(*mut c_void) -> *const c_char;

    let count = c_int::try_from(arguments.len()).expect("a handful of arguments");
    let mut pointers: Vec<*mut c_char> = arguments
        .iter()
        .map(|argument| argument.as_ptr().cast_mut())
        .chain([std::ptr::null_mut()])
        .collect();
    // SAFETY: the operator chose this file to be the engine; the two signatures are those of its header.
    // `arguments` outlives the call and ends in a null pointer as `main`'s would. The library stays
    // loaded: it leaves threads behind that still run its code.
    unsafe {
        let engine = ManuallyDrop::new(libloading::Library::new(library)?);
        let run = engine.get::<Run>(c"chdb_query_cmdline")?;
        let failure = engine.get::<Failure>(c"chdb_result_error")?;
        let result = run(count, pointers.as_mut_ptr());
        let message = if result.is_null() {
            std::ptr::null()
        } else {
            failure(result)
        };
        if message.is_null() {
            return Ok(());
        }
        Err(LibraryError::Ended(
            CStr::from_ptr(message).to_string_lossy().into_owned(),
        ))
    }
}

/// Starts `command` so that it is asked to end when this thread does.
pub(super) fn spawn_bound(command: &mut Command) -> io::Result<Child> {
    // SAFETY: between fork and exec only `prctl` and `sigprocmask` run, both async-signal-safe.
    unsafe {
        command.pre_exec(|| {
            let mut none = MaybeUninit::uninit();
            libc::sigemptyset(none.as_mut_ptr());
            libc::sigprocmask(libc::SIG_SETMASK, none.as_ptr(), std::ptr::null_mut());
            match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM) {
                -1 => Err(io::Error::last_os_error()),
                _ => Ok(()),
            }
        });
    }
    command.spawn()
}

/// Asks the process `id`, a child not yet waited for, to end.
pub(super) fn terminate(id: u32) {
    let id = libc::pid_t::try_from(id).expect("the kernel's own number");
    // SAFETY: no memory is involved; an unreaped child keeps its number.
    unsafe { libc::kill(id, libc::SIGTERM) };
}

/// Ends the process at once, without the exit handlers that the engine's threads could hang in.
pub(super) fn exit_now(code: i32) -> ! {
    // SAFETY: `_exit` runs no code of ours or of the library's.
    unsafe { libc::_exit(code) }
}
