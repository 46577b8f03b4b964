import Dispatch

/// A serial executor over a queue of its own: a pipe without data must not block a thread of the
/// cooperative pool.
final class ReadingQueue: SerialExecutor {
  private let queue = DispatchQueue(label: "payops.import")

  func enqueue(_ job: consuming ExecutorJob) {
    let unowned = UnownedJob(job)
    queue.async { unowned.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }
}
