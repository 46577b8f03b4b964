internal import CMariaDB

/// The only source of local bytes for the server: the one that is being loaded now.
///
/// libmariadb calls the handlers on the thread that runs the statement, so the exchange is never
/// touched by two threads at a time. The file name that the server asks for is ignored.
final class InfileExchange {
  typealias Reader = (UnsafeMutableRawBufferPointer) throws -> Int

  /// The source that the server may read now; nil at any other time.
  private var reader: Reader?
  /// Why the source stopped.
  private(set) var failure: (any Error)?
  /// Whether the server asked for a file while none was being loaded.
  private(set) var refusedRequest = false

  /// Serves a reader for the duration of a body.
  func serve<T>(_ reader: @escaping Reader, during body: () throws -> T) rethrows -> T {
    self.reader = reader
    failure = nil
    defer { self.reader = nil }
    return try body()
  }

  /// Clears the state of earlier statements.
  func reset() {
    failure = nil
    refusedRequest = false
  }

  /// Installs the handlers in a connection; the exchange must outlive it.
  func install(in mysql: UnsafeMutablePointer<MYSQL>) {
    mysql_set_local_infile_handler(
      mysql,
      { handle, _, userdata in
        handle?.pointee = userdata
        return InfileExchange.from(userdata)?.begin() ?? 1
      },
      { handle, buffer, length in
        guard let exchange = InfileExchange.from(handle), let buffer, length > 0 else { return -1 }
        return exchange.fill(UnsafeMutableRawBufferPointer(start: buffer, count: Int(length)))
      },
      { _ in },
      { _, message, length in
        // A fixed text, as the library uses it as a format.
        let text = "local data refused or failed"
        guard let message, length > 0 else { return Int32(CR_UNKNOWN_ERROR) }
        var position = 0
        for byte in text.utf8 where position < Int(length) - 1 {
          message[position] = CChar(bitPattern: byte)
          position += 1
        }
        message[position] = 0
        return Int32(CR_UNKNOWN_ERROR)
      },
      Unmanaged.passUnretained(self).toOpaque())
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> InfileExchange? {
    pointer.map { Unmanaged<InfileExchange>.fromOpaque($0).takeUnretainedValue() }
  }

  private func begin() -> Int32 {
    if reader != nil { return 0 }
    refusedRequest = true
    return 1
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int32 {
    guard let reader, failure == nil else { return -1 }
    do {
      let count = try reader(buffer)
      guard count >= 0, count <= buffer.count else {
        failure = DatabaseError(code: .unusableValue, context: "source of LOAD DATA")
        return -1
      }
      return Int32(count)
    } catch {
      failure = error
      return -1
    }
  }
}
