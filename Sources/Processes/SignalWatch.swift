internal import Dispatch
internal import Foundation

/// Calls a function whenever a signal arrives, in place of what the signal does by default.
package final class SignalWatch {
  private let source: any DispatchSourceSignal

  /// Starts to watch.
  ///
  /// - Parameters:
  ///   - number: the signal
  ///   - body: called on a queue of its own
  package init(_ number: Int32, _ body: @escaping @Sendable () -> Void) {
    signal(number, SIG_IGN)
    source = DispatchSource.makeSignalSource(
      signal: number, queue: DispatchQueue(label: "payops.signal.\(number)"))
    source.setEventHandler(handler: body)
    source.resume()
  }

  /// Ends the watch; the signal is ignored from then on.
  package func cancel() { source.cancel() }
}
