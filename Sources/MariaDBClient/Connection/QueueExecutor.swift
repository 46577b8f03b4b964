internal import Dispatch

/// A serial executor over a dispatch queue of its own, so that blocking C calls never occupy a
/// thread of the cooperative pool.
final class QueueExecutor: SerialExecutor {
  /// The queue on which every job runs.
  let queue: DispatchQueue

  /// Makes an executor with a new queue.
  ///
  /// - Parameter label: the name of the queue, as debuggers show it.
  init(label: String) {
    queue = DispatchQueue(label: label)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let unowned = UnownedJob(job)
    queue.async { unowned.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }
}
