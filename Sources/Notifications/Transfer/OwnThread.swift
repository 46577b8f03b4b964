internal import Foundation

/// Runs what blocks on a thread of its own, never on one of the cooperative pool.
enum OwnThread {
  /// Waits for a piece of work; cancelling the task does not end it.
  static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      let thread = Thread {
        // Signals belong to other threads. A write to a connection that the other side has closed
        // raises SIGPIPE on the thread that writes, which would end the process: libcurl avoids it,
        // but promises so only without CURLOPT_NOSIGNAL.
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
