import HTTP
import Synchronization

/// Keeps the pieces of a streamed body.
final class Collector: HTTPBodyWriter {
  private let all = Mutex<[UInt8]>([])

  var bytes: [UInt8] { all.withLock { $0 } }

  func write(_ piece: [UInt8]) async throws { all.withLock { $0 += piece } }

  func writeWaiting(_ piece: [UInt8]) throws { all.withLock { $0 += piece } }
}
