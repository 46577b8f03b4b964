import Foundation
import PayopsCore

/// The command line of the benchmark.
struct BenchOptions: Sendable, Equatable {
  /// A part of the benchmark, in the order in which the parts run.
  enum Part: String, CaseIterable, Sendable {
    case fill, views, duckdb, refresh, backup, locks, sustained
  }

  /// The text that `--help` prints.
  static let usage = """
    usage: scripts/bench [--quick] [--transactions N,N] [--only PART,PART] [--all]
                         [--keep] [--rounds N] [--turn-size N] [--against PROGRAM]
                         [--days N] [--seconds N] [--rate N] [--updates N]
      --quick         1M payments, turns of 60k, 20 s of load: under 8 minutes
      --transactions  sizes of the histories, such as 1M,10M (the default)
      --only          parts to measure: fill, views, duckdb, refresh, backup, locks,
                      sustained
      --all           every rival of the first fill, at every size
      --keep          keep the data directory for another run
      --rounds        rounds in which product and rival take turns (5)
      --turn-size     payments of the history that they fill, save and restore (1M)
      --against       an older payops that takes turns with this one
      --days          days of history (90)
      --seconds       length of the sustained run (180)
      --rate          payments per second of the sustained run (25000)
      --updates       status updates per second of the sustained run (1000)
    The data directory is PAYOPS_BENCH_DIR, or bench-results/work.
           scripts/bench --keep-result FILE DOCS
                         puts a result into DOCS/performance and writes the page
           scripts/bench --page DOCS
                         writes DOCS/performance.md from DOCS/performance

    """

  /// Sizes of the histories, ascending.
  var sizes = [1_000_000, 10_000_000]
  /// The parts to measure.
  var parts = Set(Part.allCases)
  /// Whether every rival runs at every size.
  var runsAllRivals = false
  /// The number of rounds in which product and rival take turns.
  var rounds = Contest.fewestRounds
  /// Payments of the history that is filled, saved and restored in turns.
  var turnSize = 1_000_000
  /// Path of an older payops to compare with; nil for none.
  var older: String?
  /// Whether the data directory is kept.
  var keeps = false
  /// Days of history.
  var days = 90
  /// Length of the sustained run.
  var sustainedSeconds = 180
  /// Payments per second of the sustained run.
  var rate = 25_000
  /// Status updates per second of the sustained run.
  var updates = 1000

  /// Reads a command line.
  ///
  /// - Parameter arguments: the arguments without the program's name.
  /// - Throws: ``BenchError`` for an invalid argument.
  init(_ arguments: [String]) throws(BenchError) {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      switch name {
      case "--all": runsAllRivals = true
      case "--keep": keeps = true
      case "--quick":
        sizes = [1_000_000]
        turnSize = 60_000
        sustainedSeconds = 20
      case "--rounds": rounds = try Self.number(name, &rest, 1...1000)
      case "--turn-size": turnSize = try Self.number(name, &rest, 1000...100_000_000)
      case "--against": older = try Self.value(of: name, &rest)
      case "--transactions":
        sizes = try Self.value(of: name, &rest).split(separator: ",").map {
          text throws(BenchError) in
          guard let size = CountText.parse(text), size >= 1000 else {
            throw BenchError("unusable size \(text)")
          }
          return size
        }
        sizes.sort()
      case "--only":
        parts = Set(
          try Self.value(of: name, &rest).split(separator: ",").map { text throws(BenchError) in
            guard let part = Part(rawValue: String(text)) else {
              throw BenchError("there is no part \(text)")
            }
            return part
          })
      case "--days": days = try Self.number(name, &rest, 2...3660)
      case "--seconds": sustainedSeconds = try Self.number(name, &rest, 1...3600)
      case "--rate": rate = try Self.number(name, &rest, 1...1_000_000)
      case "--updates": updates = try Self.number(name, &rest, 0...1_000_000)
      default: throw BenchError("unknown argument \(name)")
      }
    }
    guard !sizes.isEmpty, !parts.isEmpty else { throw BenchError("nothing to measure") }
  }

  private static func value(of name: String, _ rest: inout ArraySlice<String>) throws(BenchError)
    -> String
  {
    guard let value = rest.popFirst() else { throw BenchError("\(name) needs a value") }
    return value
  }

  private static func number(
    _ name: String, _ rest: inout ArraySlice<String>, _ range: ClosedRange<Int>
  ) throws(BenchError) -> Int {
    let text = try value(of: name, &rest)
    guard let number = CountText.parse(text), range.contains(number) else {
      throw BenchError("\(name) must be \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
