import Foundation
import MariaDBClient
import PayopsCore
import Simulation
import Tabular

extension GenerateCommand {
  static let live = Option.count(
    "live", "RATE", "then keep generating RATE payments a second in real time")
  static let updates = Option.count(
    "updates", "RATE", "with --live: later outcomes of open payments a second (default 0)")
  static let duration = Option.integer(
    "duration", "SECONDS", in: 1...31_536_000, "with --live: how long (default: until Ctrl-C)")

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
    guard (1...1_000_000).contains(rate) else {
      throw Fault.usage("option --live: the rate is out of range", hint: "ask for 1 to 1M")
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
    _ parameters: SimulationParameters, rate: Int, _ invocation: Invocation
  ) async throws {
    let console = invocation.console
    let seconds = invocation[Self.duration]
    let done = try await invocation.withConnection { connection in
      let bar = ProgressBar(
        "live", unit: "payments", total: seconds.map { $0 * rate }, console: console)
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
