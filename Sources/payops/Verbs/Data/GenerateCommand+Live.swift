import Foundation
import MariaDBClient
import PayopsCore
import Simulation
import Tabular

extension GenerateCommand {
  static let live = rate(
    "live", "then keep generating RATE payments a second in real time, such as 500 or 0.2")
  static let updates = rate(
    "updates", "with --live: later outcomes of open payments a second (default 0)")
  static let duration = Option.integer(
    "duration", "SECONDS", in: 1...31_536_000, "with --live: how long (default: until Ctrl-C)")

  /// The greatest rate.
  private static let mostPerSecond = 1e6

  /// The least rate above 0: one payment in a quarter of an hour.
  private static let leastPerSecond = 0.001

  private static func rate(_ name: String, _ help: String) -> Option<Double> {
    Option(
      name, placeholder: "RATE", help: help, expectation: "a rate such as 500, 2k or 0.2"
    ) { text in
      let number = CountText.parse(text).map(Double.init) ?? Double(text)
      return number.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }
  }

  /// The options that say which history is meant.
  private static let ofHistory = [
    transactions.declaration, days.declaration, seed.declaration, end.declaration,
    customers.declaration, incidents.declaration, typologies.declaration,
  ]

  /// The history that an invocation means: the one that its options describe; with --live and none
  /// of them, the one that is there, so that nothing is added unasked.
  ///
  /// - Parameter invocation: the invocation
  /// - Throws: a usage failure; a failure when there is no history to go on with
  static func history(of invocation: Invocation) async throws -> SimulationParameters {
    guard invocation[live] != nil, !ofHistory.contains(where: { invocation.values[$0.name] != nil })
    else { return try parameters(of: invocation) }
    let found = try await invocation.withConnection { try await $0.existingHistory() }
    guard let found else {
      throw Fault(
        .configuration, "the schema holds no generated history whose accounts could pay",
        hint: "run `payops generate` first, or say how large it is to be with --transactions")
    }
    return found
  }

  /// Checks that the options of real time go together.
  ///
  /// - Parameter invocation: the invocation
  /// - Throws: a usage failure
  static func checkLive(_ invocation: Invocation) throws {
    guard let rate = invocation[live] else {
      let given: [(String, Bool)] = [
        ("updates", invocation[updates] != nil), ("duration", invocation[duration] != nil),
      ]
      if let option = given.first(where: { $0.1 }) {
        throw Fault.usage("option --\(option.0) needs --live")
      }
      return
    }
    if invocation[export] != nil { throw Fault.usage("--live and --export exclude each other") }
    guard (leastPerSecond...mostPerSecond).contains(rate) else {
      throw Fault.usage("option --live: the rate is out of range", hint: "ask for 0.001 to 1M")
    }
    guard (invocation[updates] ?? 0) <= rate else {
      throw Fault.usage("option --updates: there cannot be more updates than payments")
    }
  }

  /// Generates in real time until the duration has passed or the task is cancelled.
  ///
  /// - Parameters:
  ///   - parameters: those of the history, which is there
  ///   - rate: payments a second
  ///   - invocation: the invocation
  /// - Throws: any error; `CancellationError` after the summary when a signal ended it
  func runLive(
    _ parameters: SimulationParameters, rate: Double, _ invocation: Invocation
  ) async throws {
    let console = invocation.console
    let seconds = invocation[Self.duration]
    let done = try await invocation.withConnection { connection in
      let bar = ProgressBar(
        "live", unit: "payments", total: seconds.map { Int(Double($0) * rate) }, console: console)
      defer { bar.finish() }
      let load = LiveLoad(
        options: connection.options, parameters: parameters, ratePerSecond: rate,
        updatesPerSecond: invocation[Self.updates] ?? 0)
      return try await load.run(
        duration: seconds.map { .seconds($0) },
        now: {
          let milliseconds = Int(Date().timeIntervalSince1970 * 1000)
          return (second: milliseconds / 1000, millisecond: milliseconds % 1000)
        },
        progress: { bar.update(to: $0.payments) })
    }
    try console.write(console.isJSON ? done.json.lines : done.text)
    try Task.checkCancellation()
  }
}
