/// Where the bytes of an import come from.
package enum ImportSource: Sendable {
  /// A file, plain or compressed with gzip.
  case file(path: String)
  /// The standard input, plain or compressed with gzip.
  case standardInput
  /// Bytes in memory, plain or compressed with gzip.
  case bytes([UInt8])

  /// Opens the source.
  func open() throws(ImportError) -> any ByteSource {
    switch self {
    case .file(let path): try FileByteSource(path: path)
    case .standardInput: try FileByteSource(path: "-")
    case .bytes(let bytes): MemoryByteSource(bytes)
    }
  }
}
