import Foundation
import PayopsCore

@testable import Monitoring

/// Series that tests generate, and the real one where it is available.
enum Minutes {
  /// The folder with the real data; nil where the environment does not name one.
  static var dataFolder: String? {
    ProcessInfo.processInfo.environment["PAYOPS_DATA"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The file of counts by minute and status.
  static var cloudWalkFile: String { (dataFolder ?? "") + "/cloudwalk/transactions.csv" }

  /// Whole minutes since 1970-01-01 00:00 UTC.
  static func minute(_ text: String) -> Int? { CivilInstant(text)?.minutesSinceEpoch }

  /// `YYYY-MM-DD HH:MM` of a minute.
  static func text(_ minute: Int?) -> String? {
    minute.map { String(CivilInstant(minutesSinceEpoch: $0).description.prefix(16)) }
  }

  /// A series of 100 payments a minute whose failed rate swings between 1 % and 3 %.
  ///
  /// - Parameters:
  ///   - count: how many minutes, from minute 0
  ///   - failed: failed payments of the minutes that differ
  ///   - missing: minutes that were not observed
  static func quiet(
    _ count: Int, failed: [Int: Int64] = [:], denied: [Int: Int64] = [:], missing: Set<Int> = []
  ) -> [MinuteCounts] {
    (0..<count).filter { !missing.contains($0) }.map { minute in
      MinuteCounts(
        minute: minute, total: 100, failed: failed[minute] ?? Int64(1 + minute % 3),
        denied: denied[minute] ?? Int64(5 + minute % 5), reversed: Int64(minute % 2))
    }
  }

  /// The real minutes, read without the project's own reader.
  static func cloudWalk() throws -> [MinuteCounts] {
    var counts: [Int: [Substring: Int64]] = [:]
    let text = try String(contentsOfFile: cloudWalkFile, encoding: .utf8)
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let fields = line.split(separator: ",")
      guard fields.count == 3, let minute = minute(String(fields[0])), let count = Int64(fields[2])
      else { continue }
      counts[minute, default: [:]][fields[1], default: 0] += count
    }
    return counts.map { minute, counts in
      MinuteCounts(
        minute: minute, total: counts.values.reduce(0, +), failed: counts["failed"] ?? 0,
        denied: counts["denied"] ?? 0, reversed: counts["reversed"] ?? 0)
    }
  }
}
