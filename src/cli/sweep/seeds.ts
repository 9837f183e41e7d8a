export * from '../../sweep/seeds.ts';
