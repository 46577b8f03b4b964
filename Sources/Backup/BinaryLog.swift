internal import Foundation

/// A binary log file, read just far enough to know the time that it spans.
struct BinaryLog: Sendable {
  /// Name of the file, such as `binlog.000012`.
  let name: String
  /// Instant of its first event, seconds since 1970.
  let firstInstant: Int64
  /// Instant of its last event.
  let lastInstant: Int64

  private static let magic: [UInt8] = [0xfe, 0x62, 0x69, 0x6e]
  private static let headerLength = 19
  private static let encryptionEvent: UInt8 = 164

  /// Reads the heads of all events.
  ///
  /// - Parameter path: the file.
  /// - Throws: ``BackupError/Code/damaged`` when it is no whole log.
  init(path: String) throws(BackupError) {
    name = (path as NSString).lastPathComponent
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BackupFolder.failure("read", path) }
    defer { close(descriptor) }
    let size = Int64(lseek(descriptor, 0, SEEK_END))
    var head = [UInt8](repeating: 0, count: Self.headerLength)
    guard pread(descriptor, &head, 4, 0) == 4, Array(head[..<4]) == Self.magic else {
      throw BackupError(.damaged, "\(path) is no binary log")
    }
    var position: Int64 = 4
    var first: Int64?
    var last: Int64 = 0
    while position < size {
      guard pread(descriptor, &head, head.count, off_t(position)) == head.count else {
        throw BackupError(.damaged, "\(path) is cut off inside an event")
      }
      func number(_ offset: Int) -> Int64 {
        (0..<4).reduce(0) { $0 | Int64(head[offset + $1]) << Int64(8 * $1) }
      }
      let length = number(9)
      guard length >= Int64(Self.headerLength), position + length <= size else {
        throw BackupError(.damaged, "\(path) is cut off inside an event")
      }
      guard head[4] != Self.encryptionEvent else {
        throw BackupError(.unsupported, "\(path) is an encrypted binary log")
      }
      // Events that the server makes by itself have no time.
      if number(0) > 0 {
        last = max(last, number(0))
        first = first ?? number(0)
      }
      position += length
    }
    guard let first else { throw BackupError(.damaged, "\(path) holds no event") }
    firstInstant = first
    lastInstant = last
  }
}

/// The number at the end of a log's name; logs of one server are numbered without gaps.
enum BinaryLogName {
  /// The name without its number.
  static func base(_ name: String) -> String {
    name.split(separator: ".").dropLast().joined(separator: ".")
  }

  static func number(_ name: String) -> Int? {
    name.wholeMatch(of: #/[A-Za-z0-9_.-]+\.(\d{6,10})/#).flatMap { Int($0.1) }
  }
}
