internal import Foundation

/// Runs blocking work on a thread of its own, never on one of the cooperative pool.
enum OwnThread {
  /// Waits for the work to end; cancelling the task does not end it.
  static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      let thread = Thread {
        // Other threads handle signals. A write to a connection that the other side has closed
        // raises SIGPIPE on the writing thread, which would end the process: libcurl prevents it,
        // but guarantees that only without CURLOPT_NOSIGNAL.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        continuation.resume(returning: work())
      }
      thread.name = "notification"
      thread.start()
    }
  }
}
