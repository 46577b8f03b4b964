import Foundation
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Events of a binary log")
struct BinaryLogTests {
  /// An event of a kind, whose header gives its end position in the log.
  private static func event(_ type: UInt8, length: Int, end: Int) -> [UInt8] {
    func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
    let head = little(1_700_000_000) + [type] + little(1) + little(length) + little(end) + [0, 0]
    return head + [UInt8](repeating: 7, count: length - head.count)
  }

  private static let formatDescription: UInt8 = 15
  private static let rows: UInt8 = 23
  private static let commit: UInt8 = 16

  /// A log with one transaction, in which only the last event gives a position, as in 11.8.
  private static let events = [
    event(formatDescription, length: 96, end: 100),
    event(BinaryLogEvents.gtid, length: 42, end: 142),
    event(rows, length: 60, end: 0), event(rows, length: 58, end: 0),
    event(commit, length: 31, end: 291),
  ]

  private static func read(_ events: [[UInt8]]) throws -> BinaryLog {
    try BinaryLog(name: "binlog.000001", checksPlaces: true) { take in
      try (BinaryLogEvents.magic + events.joined()).withUnsafeBytes { try take($0) }
    }
  }

  @Test("events within a transaction need not give their position")
  func places() throws {
    let log = try Self.read(Self.events)
    #expect(log.bytes == 291)
    #expect(!log.isClosed)
  }

  @Test("missing events are found at the next one with a position", arguments: 1...3)
  func gap(missing: Int) {
    var events = Self.events
    events.remove(at: missing)
    let error = #expect(throws: BackupError.self) { try Self.read(events) }
    #expect(error?.code == .damaged)
  }

  @Test(
    "events are split into parts that end with whole transactions, however small the limit",
    arguments: [1, 150, 400])
  func parts(limit: Int64) throws {
    let folder = BackupFolder(path: try TemporaryDirectory.make("parts").path)
    let archive = BinaryLogArchive(folder: folder)
    let lock = try #require(try archive.take())
    defer { withExtendedLifetime(lock) {} }
    var log = Self.event(Self.formatDescription, length: 96, end: 100)
    var starts: [Int64] = []
    var end = 100
    for _ in 0..<6 {
      starts.append(Int64(end))
      for (type, length) in [
        (BinaryLogEvents.gtid, 42), (Self.rows, 60), (Self.rows, 58), (Self.commit, 31),
      ] {
        end += length
        log += Self.event(type, length: length, end: end)
      }
    }
    let receiver = LogReceiver(
      "binlog.000001", from: 0, isWhole: false, begun: nil, archive: archive, limit: limit)
    try (BinaryLogEvents.magic + log).withUnsafeBytes { try receiver.take($0) }
    #expect(try receiver.finish(size: Int64(end)).end == Int64(end))
    let parts = try FileManager.default.contentsOfDirectory(atPath: archive.path)
      .compactMap { ArchivedPiece(file: $0) }.sorted { $0.from < $1.from }
    // Each begins where a transaction does, once the one before it has reached the limit.
    var expected: [Int64] = [0]
    for start in starts where start - (expected.last ?? 0) >= limit { expected.append(start) }
    #expect(parts.map(\.from) == expected)
    #expect(parts.map(\.to) == Array(expected.dropFirst()) + [Int64(end)])
  }
}
