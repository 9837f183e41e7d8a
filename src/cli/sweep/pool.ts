export * from '../../sweep/pool.ts';
