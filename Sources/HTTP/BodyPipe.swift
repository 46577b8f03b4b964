internal import Foundation
internal import Synchronization

/// Carries the pieces of a body from an asynchronous writer to a thread that reads them and may
/// block. It holds one piece more than ``capacity`` bytes; then the writer waits.
final class BodyPipe: HTTPBodyWriter {
  /// What a reader gets.
  enum Piece: Sendable, Equatable {
    case bytes([UInt8])
    case end
    /// The writer failed: the body is not complete.
    case failure
  }

  private struct State {
    var waiting: [UInt8] = []
    var ending: Piece?
    var isClosed = false
    var writer: CheckedContinuation<Void, Never>?
  }

  private let capacity: Int
  private let state = Mutex(State())
  private let change = DispatchSemaphore(value: 0)
  private let room = DispatchSemaphore(value: 0)

  /// Makes a pipe.
  ///
  /// - Parameter capacity: bytes that wait to be read before the writer does
  init(capacity: Int = 65_536) {
    self.capacity = capacity
  }

  func write(_ piece: [UInt8]) async throws {
    guard !piece.isEmpty else { return }
    try Task.checkCancellation()
    await withCheckedContinuation { continuation in
      let isReady = state.withLock { state in
        if !state.isClosed { state.waiting += piece }
        if state.isClosed || state.waiting.count < capacity { return true }
        state.writer = continuation
        return false
      }
      change.signal()
      if isReady { continuation.resume() }
    }
    if state.withLock({ $0.isClosed }) { throw CancellationError() }
  }

  func writeWaiting(_ piece: [UInt8]) throws {
    guard !piece.isEmpty else { return }
    while true {
      let isWritten = try state.withLock { state in
        if state.isClosed { throw CancellationError() }
        guard state.waiting.count < capacity else { return false }
        state.waiting += piece
        return true
      }
      if isWritten { break }
      room.wait()
    }
    change.signal()
  }

  /// Ends the body.
  ///
  /// - Parameter ending: ``Piece/end`` or ``Piece/failure``
  func finish(_ ending: Piece) {
    state.withLock { $0.ending = $0.ending ?? ending }
    change.signal()
  }

  /// Takes what is there, at most a number of bytes; waits for the writer on this thread.
  func read(atMost count: Int) -> Piece {
    while true {
      let (piece, writer) = state.withLock { state -> (Piece?, CheckedContinuation<Void, Never>?) in
        guard !state.waiting.isEmpty else { return (state.ending, nil) }
        let bytes = Array(state.waiting.prefix(count))
        state.waiting.removeFirst(bytes.count)
        guard state.waiting.count < capacity, let writer = state.writer else {
          return (.bytes(bytes), nil)
        }
        state.writer = nil
        return (.bytes(bytes), writer)
      }
      writer?.resume()
      room.signal()
      if let piece { return piece }
      change.wait()
    }
  }

  /// Ends the reading: the client has left, or has everything.
  func close() {
    let writer = state.withLock { state in
      state.isClosed = true
      state.waiting = []
      defer { state.writer = nil }
      return state.writer
    }
    room.signal()
    writer?.resume()
  }
}
