/** Vectors as embedders make them, as far as their search is concerned: in clusters, of fewer dimensions than they have. */

/** @param random in [0, 1) */
export function clusteredVectors(count: number, dimensions: number, random: () => number): Float32Array[] {
  const latent = Math.min(64, dimensions)
  const spread = Array.from({ length: latent }, () => normals(dimensions, random))
  const offset = normals(dimensions, random)
  const clusters = Array.from({ length: Math.ceil(count / 100) }, () => normals(latent, random))
  return Array.from({ length: count }, () => {
    const center = clusters[Math.floor(random() * clusters.length)] ?? []
    const vector = Float32Array.from(offset)
    for (let at = 0; at < latent; at += 1) {
      const weight = (center[at] ?? 0) + 0.5 * normal(random)
      const row = spread[at] ?? []
      for (let to = 0; to < dimensions; to += 1) vector[to] = (vector[to] ?? 0) + weight * (row[to] ?? 0)
    }
    return vector
  })
}

function normals(count: number, random: () => number): number[] {
  return Array.from({ length: count }, () => normal(random))
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
