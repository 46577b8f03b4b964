internal import Foundation

/// A process whose results are read from a pipe while it runs.
package struct PipedProcess: Sendable {
  private let process: ChildProcess
  private let output: PipeEnd

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - arguments: path of the program and its arguments.
  ///   - inherited: a descriptor that the program gets as number 3; nil for none.
  ///   - errors: the descriptor that its messages go to.
  /// - Throws: ``ProcessError/Code/cannotStart``.
  package init(
    _ arguments: [String], inherited: Int32? = nil, errors: Int32
  ) throws(ProcessError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw ProcessError(.cannotStart, "cannot make a pipe: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[1]) }
    output = PipeEnd(ends[0])
    process = try ChildProcess(
      arguments, output: .descriptor(ends[1]), errors: .descriptor(errors), inherited: inherited)
  }

  /// Reads the output to its end, then waits up to a minute for the process to end.
  ///
  /// The process is asked to end when the task is cancelled or `onChunk` throws.
  ///
  /// - Parameter onChunk: gets the output piece by piece, on a separate thread.
  /// - Returns: the exit status, 124 when the process did not end and was killed.
  /// - Throws: what `onChunk` throws; ``ProcessError/Code/cannotRead``; `CancellationError`.
  package func run(
    _ onChunk: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws -> Int32 {
    let outcome = await withTaskCancellationHandler {
      await output.read(onChunk)
    } onCancel: {
      kill(process.pid, SIGTERM)
    }
    if case .failure = outcome { kill(process.pid, SIGTERM) }
    // A cancelled task cannot sleep.
    let status = await Task.detached { [process] in await process.wait(deadline: .seconds(60)) }
      .value
    try outcome.get()
    try Task.checkCancellation()
    return status
  }
}

/// The reading end of a pipe.
private final class PipeEnd: Sendable {
  private let descriptor: Int32

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    // A larger buffer lets the program run while a piece is compressed; a refusal is harmless.
    _ = fcntl(descriptor, Self.setPipeSize, 1 << 20)
  }

  deinit { close(descriptor) }

  /// `F_SETPIPE_SZ` of <fcntl.h>, which Swift does not import.
  private static let setPipeSize: Int32 = 1031

  func read(
    _ onChunk: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async -> Result<Void, any Error> {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: self.readToEnd(onChunk)) }
    }
  }

  private func readToEnd(
    _ onChunk: (UnsafeRawBufferPointer) throws -> Void
  ) -> Result<Void, any Error> {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { return .success(()) }
      if count < 0 {
        if errno == EINTR { continue }
        return .failure(
          ProcessError(
            .cannotRead, "cannot read from the program: \(String(cString: strerror(errno)))"))
      }
      do {
        try onChunk(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
      } catch {
        return .failure(error)
      }
    }
  }
}
