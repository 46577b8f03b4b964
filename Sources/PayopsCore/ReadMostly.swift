internal import Foundation

/// A value that many threads read and few change.
///
/// `Mutex` spins while another thread has it; with as many readers as connections this took a third of
/// the time of an HTTP server. Readers of this one do not exclude each other.
package final class ReadMostly<Value: Sendable>: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>
  // Touched only while the lock is held.
  private var value: Value

  /// Holds a value.
  package init(_ value: Value) {
    lock = .allocate(capacity: 1)
    lock.initialize(to: pthread_rwlock_t())
    pthread_rwlock_init(lock, nil)
    self.value = value
  }

  deinit {
    pthread_rwlock_destroy(lock)
    lock.deinitialize(count: 1)
    lock.deallocate()
  }

  /// Reads the value; others may read at the same time.
  package func read<Result>(_ body: (Value) throws -> Result) rethrows -> Result {
    pthread_rwlock_rdlock(lock)
    defer { pthread_rwlock_unlock(lock) }
    return try body(value)
  }

  /// Changes the value; nobody reads meanwhile.
  package func change<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_rwlock_wrlock(lock)
    defer { pthread_rwlock_unlock(lock) }
    return try body(&value)
  }
}
