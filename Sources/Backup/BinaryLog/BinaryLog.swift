internal import Foundation

/// What the events of a binary log say about it.
package struct BinaryLog: Sendable, Equatable {
  /// Name of the log, such as `binlog.000012`.
  package let name: String
  /// Instant at which the server started it, seconds since 1970.
  let firstInstant: Int64
  /// Instant of its last event.
  let lastInstant: Int64
  /// Bytes of all events and of the mark before them.
  package let bytes: Int64
  /// Whether the server has closed it: its last event says so.
  let isClosed: Bool

  /// Reads a log that comes in pieces.
  ///
  /// - Parameters:
  ///   - name: name of the log.
  ///   - checksPlaces: whether each event must carry its own position, as in all logs that payops
  ///     compresses; this detects parts of different logs and parts in the wrong order.
  ///   - read: supplies the pieces.
  /// - Throws: ``BackupError/Code/damaged`` when it is not a complete log.
  init(
    name: String, checksPlaces: Bool = false,
    _ read: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    var events = BinaryLogEvents(name: name)
    var first: Int64?
    var last: Int64 = 0
    var type: UInt8 = 0
    var place = Int64(BinaryLogEvents.magic.count)
    try read { piece in
      try events.update(piece) { event in
        guard event.type != BinaryLogEvents.encryption else {
          throw BackupError(.unsupported, "\(name) is an encrypted binary log")
        }
        type = event.type
        place += event.length
        guard !checksPlaces || event.end == 0 || event.end == UInt32(truncatingIfNeeded: place)
        else {
          throw BackupError(
            .damaged,
            "\(name) is damaged: the bytes after \(place - event.length) are from another log, or"
              + " from another position in it")
        }
        // Events that the server generates itself have no time.
        guard event.instant > 0 else { return }
        last = max(last, event.instant)
        first = first ?? event.instant
      }
    }
    try events.finish()
    guard let first else { throw BackupError(.damaged, "\(name) holds no event") }
    self.name = name
    firstInstant = first
    lastInstant = last
    bytes = events.position
    isClosed = type == BinaryLogEvents.rotation || type == BinaryLogEvents.stop
  }
}

/// The events of a binary log that comes in pieces of any length.
struct BinaryLogEvents {
  /// The head of an event.
  struct Event: Equatable {
    /// Seconds since 1970; 0 for events that the server generates itself.
    package let instant: Int64
    /// Kind of event.
    package let type: UInt8
    /// Bytes with the head.
    let length: Int64
    /// Low 32 bits of the log position after it; 0 for the head that the server sends of a log
    /// read from its middle, and, by servers of 11.8, for all but the last event of a transaction.
    package let end: UInt32
    /// Whether the server generated it for the reader and did not log it.
    let isArtificial: Bool
  }

  static let magic: [UInt8] = [0xfe, 0x62, 0x69, 0x6e]
  static let stop: UInt8 = 3
  static let rotation: UInt8 = 4
  static let formatDescription: UInt8 = 15
  static let gtid: UInt8 = 162
  static let encryption: UInt8 = 164
  private static let headLength = 19

  private let name: String
  /// The part of a head, or of the mark in front, received so far.
  private var head: [UInt8] = []
  /// Bytes of the event not received yet.
  private var rest: Int64 = 0
  /// Bytes so far.
  package private(set) var position: Int64 = 0

  /// - Parameter name: name of the log, for messages.
  init(name: String) { self.name = name }

  /// Reads a piece.
  ///
  /// - Parameters:
  ///   - piece: the bytes.
  ///   - content: gets the bytes of the events, head first; not the mark in front of them.
  ///   - begin: gets the head of each event before its bytes.
  package mutating func update(
    _ piece: UnsafeRawBufferPointer, content: (UnsafeRawBufferPointer) throws -> Void = { _ in },
    begin: (Event) throws -> Void
  ) throws {
    var bytes = piece
    while !bytes.isEmpty {
      if rest > 0 {
        let count = Int(min(rest, Int64(bytes.count)))
        try content(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
        rest -= Int64(count)
        position += Int64(count)
        continue
      }
      let wanted = position < Int64(Self.magic.count) ? Self.magic.count : Self.headLength
      let count = min(wanted - head.count, bytes.count)
      head.append(contentsOf: bytes.prefix(count))
      bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
      guard head.count == wanted else { return }
      if wanted == Self.magic.count {
        guard head == Self.magic else {
          throw BackupError(.damaged, "\(name) is not a binary log")
        }
      } else {
        let event = self.event
        guard event.length >= Int64(Self.headLength) else {
          throw BackupError(.damaged, "\(name) holds an event that cannot be read")
        }
        try begin(event)
        try head.withUnsafeBytes(content)
        rest = event.length - Int64(Self.headLength)
      }
      position += Int64(wanted)
      head.removeAll(keepingCapacity: true)
    }
  }

  /// Checks that the last event is complete.
  package func finish() throws(BackupError) {
    guard rest == 0, head.isEmpty else {
      throw BackupError(.damaged, "\(name) is cut off inside an event")
    }
    guard position >= Int64(Self.magic.count) else {
      throw BackupError(.damaged, "\(name) is not a binary log")
    }
  }

  private var event: Event {
    func number(_ offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(head[offset + $1]) << UInt32(8 * $1) }
    }
    return Event(
      instant: Int64(number(0)), type: head[4], length: Int64(number(9)), end: number(13),
      isArtificial: head[17] & 0x20 != 0)
  }
}
