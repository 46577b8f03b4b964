internal import Synchronization

/// A progress bar in MiB whose label may change.
package final class ByteGauge: Sendable {
  private struct State {
    var label = ""
    var bar: ProgressBar?
  }

  private let console: Console
  private let state = Mutex(State())

  /// Makes a bar on the standard error of a console; nothing is drawn before the first progress.
  package init(_ console: Console) { self.console = console }

  /// Shows how far a phase has come.
  ///
  /// - Parameters:
  ///   - label: the phase; another one begins a new bar
  ///   - done: bytes done
  ///   - total: bytes expected; nil or 0 when unknown
  package func update(_ label: String, done: Int64, total: Int64?) {
    let bar = state.withLock { state -> ProgressBar in
      if let bar = state.bar, state.label == label { return bar }
      state.bar?.finish()
      let expected = total.flatMap { $0 > 0 ? max(1, Int($0 >> 20)) : nil }
      let bar = ProgressBar(label, unit: "MiB", total: expected, console: console)
      state.label = label
      state.bar = bar
      return bar
    }
    bar.update(to: Int(done >> 20))
  }

  /// Takes the bar away.
  package func finish() {
    state.withLock { state in
      state.bar?.finish()
      state.bar = nil
    }
  }
}
