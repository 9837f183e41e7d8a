export * from '../../sweep/wilson.ts';
